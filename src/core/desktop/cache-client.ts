// Asks a binary cache over HTTP: is it one, for this store, and does it sign with a key this laptop trusts?
import { bad, good, type Outcome, type Params, type Problem, problem } from '../../shared/outcome.ts'
import { cleanText } from './clean-text.ts'
import { type HttpAnswer, httpGet } from './http-get.ts'
import { parseNarinfo } from './narinfo.ts'
import type { CacheInfo, SignatureVerdict } from './results.ts'
import { judgeSignatures } from './signature.ts'

/** Both answers are a few hundred bytes; a narinfo with thousands of references may reach this. */
const maxBytes = 64 * 1024

/**
 * Reads URL/nix-cache-info within deadlineMs. Ends in net.*, cache.port-closed, cache.timeout, cache.http-error
 * {status}, cache.not-a-cache or cache.store-dir-mismatch {expected, found}; all carry {url, host, port}.
 */
export async function readCacheInfo(
  url: string,
  storeDir: string,
  deadlineMs: number,
): Promise<Outcome<CacheInfo>> {
  const target = targetOf(url, 'nix-cache-info')
  if (target === null) return bad('cache.not-a-cache', { url }, 'no http or https address')
  const answer = await httpGet(target.url, { deadlineMs, maxBytes }, target.params)
  if (!answer.ok) return answer
  const { status, body, cut } = answer.value
  // Every cache has this file, and Nix itself takes "not found" for "no cache".
  if (status === 404 || status === 410) return bad('cache.not-a-cache', target.params, words(body))
  if (status !== 200) return bad('cache.http-error', { ...target.params, status }, words(body))
  const info = cut ? null : parseCacheInfo(body.toString('utf8'), storeDir)
  if (info === null) return bad('cache.not-a-cache', target.params, words(body))
  if (info.storeDir !== storeDir) {
    const found = cleanText(info.storeDir, 200)
    return bad('cache.store-dir-mismatch', { ...target.params, expected: storeDir, found }, words(body))
  }
  return good(info)
}

/**
 * Checks the signatures of one store path's narinfo against `trustedKeys` (`name:base64` lines) within deadlineMs.
 * Content-addressed paths are judged as any other, though Nix needs no signature for them.
 * Fails with cache.unsigned, cache.signature-untrusted, cache.signature-invalid {name}, cache.narinfo-error {status},
 * or readCacheInfo's ways not to be reached.
 */
export async function verifyPath(
  url: string,
  storePath: string,
  trustedKeys: readonly string[],
  deadlineMs: number,
): Promise<SignatureVerdict> {
  const failed = (found: Problem): SignatureVerdict => ({ state: 'failed', problem: found, path: storePath })
  const target = targetOf(url, `${hashPartOf(storePath)}.narinfo`)
  if (target === null) return failed(problem('cache.not-a-cache', { url }, 'no http or https address'))
  const answer = await httpGet(target.url, { deadlineMs, maxBytes }, target.params)
  if (!answer.ok) return failed(answer.problem)
  if (answer.value.status === 404 || answer.value.status === 410) return { state: 'absent', path: storePath }
  return judgeNarinfo(answer.value, storePath, trustedKeys, target.params)
}

function judgeNarinfo(
  { status, body, cut }: HttpAnswer,
  storePath: string,
  trustedKeys: readonly string[],
  params: Params,
): SignatureVerdict {
  const failed = (cause: Problem['cause'], more: Params, raw?: string): SignatureVerdict => {
    return { state: 'failed', problem: problem(cause, { ...params, ...more }, raw), path: storePath }
  }
  if (status !== 200) return failed('cache.narinfo-error', { status }, words(body))
  if (cut) return failed('cache.narinfo-error', { status }, `more than ${maxBytes} bytes`)
  const parsed = parseNarinfo(body.toString('utf8'))
  if (!parsed.ok) return failed('cache.narinfo-error', { status }, `${parsed.what}\n${words(body)}`)
  if (parsed.narinfo.storePath !== storePath) {
    return failed('cache.narinfo-error', { status }, `describes ${cleanText(parsed.narinfo.storePath, 300)}`)
  }
  const judged = judgeSignatures(parsed.narinfo, trustedKeys)
  switch (judged.state) {
    case 'valid':
      return { state: 'valid', keyName: judged.keyName, path: storePath }
    case 'unsigned':
      return failed('cache.unsigned', {})
    case 'untrusted':
      return failed('cache.signature-untrusted', { name: cleanText(judged.keyName, 200) })
    case 'invalid':
      return failed('cache.signature-invalid', { name: cleanText(judged.keyName, 200) })
    default:
      return judged satisfies never
  }
}

/** As Nix's binary-cache-store.cc: "Name: value" lines, others passed over; null where none of its names is there. */
function parseCacheInfo(text: string, storeDir: string): CacheInfo | null {
  const fields = new Map<string, string>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  if (!['StoreDir', 'WantMassQuery', 'Priority'].some((name) => fields.has(name))) return null
  const priority = Number.parseInt(fields.get('Priority') ?? '', 10)
  return {
    storeDir: fields.get('StoreDir') ?? storeDir,
    wantMassQuery: fields.get('WantMassQuery') === '1',
    priority: Number.isNaN(priority) ? null : priority,
  }
}

function targetOf(base: string, file: string): { readonly url: URL; readonly params: Params } | null {
  const asked = base.replace(/\/+$/, '')
  // A login in the address is for the request alone.
  const text = asked.replace(/^(https?:\/\/)[^/?#]*@/i, '$1')
  const url = URL.canParse(`${asked}/${file}`) ? new URL(`${asked}/${file}`) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  return { url, params: { url: text, host: url.hostname.replace(/^\[|\]$/g, ''), port } }
}

/** The 32 characters after the store directory. */
function hashPartOf(storePath: string): string {
  return storePath.slice(storePath.lastIndexOf('/') + 1).split('-', 1)[0] ?? ''
}

function words(body: Buffer): string {
  return cleanText(body, 300)
}
