// ssh agents of our own. Being asked to sign means that the server said USERAUTH_PK_OK (RFC 4252, section 7): the key
// is authorised. The probe's agent knows only the public half and stops there; the login's one signs and notes it.
import ssh2, {
  type BaseAgent,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2'

type Signer = (data: Buffer, options: SigningRequestOptions, done: SignCallback) => void

/** The agent for one probe; `accepted` is called once the server would take the key, and nothing is ever signed. */
export function publicKeyAgent(key: ParsedKey, accepted: () => void): BaseAgent<ParsedKey> {
  return new OneKeyAgent(key, accepted)
}

/** Logs in with a private key; `accepted` is called when the server would take it, before it is used. */
export function privateKeyAgent(key: ParsedKey, accepted: () => void): BaseAgent<ParsedKey> {
  return new OneKeyAgent(key, (data, options, done) => {
    accepted()
    const signed: Buffer | Error = key.sign(data, options.hash)
    if (signed instanceof Error) done(signed)
    else done(undefined, signed)
  })
}

/** A class only because ssh2 recognises agents by their prototype. */
class OneKeyAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #key: ParsedKey
  readonly #signer: Signer

  constructor(key: ParsedKey, signer: Signer) {
    super()
    this.#key = key
    this.#signer = signer
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(undefined, [this.#key])
  }

  override sign(
    _key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    if (typeof options === 'function') this.#signer(data, {}, options)
    else if (callback) this.#signer(data, options, callback)
  }
}
