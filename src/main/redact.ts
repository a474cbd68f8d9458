// Takes out of a log line what must never be kept: private keys, passwords in addresses, secrets by name.

const rules: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[private key]'],
  [/(\b\w[\w+.-]{0,30}:\/\/[^\s/:@]{1,200}):[^\s/@]+@/g, '$1:[password]@'],
  [/\b(password|passphrase|passwd|secret|token)\b(["']?\s*[:=]\s*)("[^"]*"|'[^']*'|\S+)/gi, '$1$2[hidden]'],
  // A Nix cache's secret key: NAME:64 bytes of base64. (A public one holds 32 bytes and may stay.)
  [/\b([\w.-]{1,200}):[A-Za-z0-9+/]{86}==/g, '$1:[secret key]'],
]

/** The text without secrets. Time grows with the length only: every repeat before a fixed part is bounded. */
export function redact(text: string): string {
  return rules.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text)
}
