// An ssh agent that knows one public key and never signs: being asked to sign means that the server said
// USERAUTH_PK_OK (RFC 4252, section 7), so the key is authorised.
import ssh2, { type BaseAgent, type IdentityCallback, type ParsedKey } from 'ssh2'

/** The agent for one probe; `accepted` is called once the server would take the key. */
export function publicKeyAgent(key: ParsedKey, accepted: () => void): BaseAgent<ParsedKey> {
  return new PublicKeyAgent(key, accepted)
}

/** A class only because ssh2 recognises agents by their prototype. */
class PublicKeyAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #key: ParsedKey
  readonly #accepted: () => void

  constructor(key: ParsedKey, accepted: () => void) {
    super()
    this.#key = key
    this.#accepted = accepted
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(undefined, [this.#key])
  }

  /** Never calls back: there is nothing to sign with, and the answer is already known. */
  override sign(): void {
    this.#accepted()
  }
}
