// One bounded HTTP GET: total deadline, body limit, few redirects, no compression, no connection kept.
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { bad, good, type Outcome, type Params } from '../../shared/outcome.ts'
import { cleanText } from './clean-text.ts'
import { socketProblem, tooLate } from './tcp.ts'

export interface HttpAnswer {
  readonly status: number
  readonly body: Buffer
  /** The body went on beyond the limit; `body` is its beginning. */
  readonly cut: boolean
}

export interface HttpLimits {
  /** From the call to the last byte, redirects included, in ms. */
  readonly deadlineMs: number
  readonly maxBytes: number
}

const maxRedirects = 3

/**
 * Gets a URL. Any status is good; a redirect that leads nowhere allowed (another scheme, too many) is given as it is.
 * Ends in net.*, cache.port-closed, cache.timeout (connected, then nothing in time), cache.not-a-cache (no HTTP),
 * or cache.http-error (TLS, with its code as status).
 */
export async function httpGet(url: URL, limits: HttpLimits, params: Params): Promise<Outcome<HttpAnswer>> {
  const endsAt = performance.now() + limits.deadlineMs
  let at = url
  for (let hop = 0; ; hop++) {
    const deadlineMs = endsAt - performance.now()
    const answer = await getOnce(at, { ...limits, deadlineMs }, params)
    if (!answer.ok) return answer
    const next = hop < maxRedirects ? redirectOf(answer.value, at) : null
    if (next === null) return answer
    at = next
  }
}

interface RawAnswer extends HttpAnswer {
  readonly location: string | undefined
}

function getOnce(url: URL, limits: HttpLimits, params: Params): Promise<Outcome<RawAnswer>> {
  return new Promise((resolve) => {
    let named = isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0
    let connected = false
    let request: ClientRequest
    const settle = (outcome: Outcome<RawAnswer>) => {
      clearTimeout(timer)
      resolve(outcome)
      // Also ends an answer that still flows. Later 'error' events have their listener and nobody to tell.
      request?.destroy()
    }
    const late = () => {
      const raw = `no answer in ${Math.round(limits.deadlineMs)} ms`
      settle(connected ? bad('cache.timeout', params, raw) : tooLate(named, params, limits.deadlineMs))
    }
    const timer = setTimeout(late, Math.max(limits.deadlineMs, 1))
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    try {
      request = send(url, { agent: false, headers: { accept: '*/*', 'accept-encoding': 'identity' } })
    } catch (error) {
      return settle(bad('net.unreachable', params, String(error)))
    }
    request.on('socket', (socket) => {
      socket.once('lookup', (error: Error | null) => {
        if (!error) named = true
      })
      socket.once('connect', () => {
        connected = true
      })
    })
    request.on('error', (error: NodeJS.ErrnoException) => settle(failed(error, connected, params)))
    request.on('response', (response) => void readAnswer(response, limits.maxBytes, params).then(settle))
    request.end()
  })
}

async function readAnswer(
  response: IncomingMessage,
  maxBytes: number,
  params: Params,
): Promise<Outcome<RawAnswer>> {
  const body = await collect(response, maxBytes)
  if (body === null) return bad('cache.not-a-cache', params, 'the answer broke off')
  return good({ status: response.statusCode ?? 0, location: response.headers.location, ...body })
}

/** The body up to the limit; null where it broke off before its announced end. */
function collect(
  response: IncomingMessage,
  maxBytes: number,
): Promise<Pick<HttpAnswer, 'body' | 'cut'> | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let left = maxBytes
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk.subarray(0, left))
      left -= chunk.length
      if (left < 0) resolve({ body: Buffer.concat(chunks), cut: true })
    })
    response.on('end', () => resolve({ body: Buffer.concat(chunks), cut: false }))
    response.on('error', () => resolve(null))
    response.on('close', () => resolve(null))
  })
}

function redirectOf(answer: RawAnswer, from: URL): URL | null {
  if (![301, 302, 303, 307, 308].includes(answer.status) || answer.location === undefined) return null
  const target = URL.canParse(answer.location, from) ? new URL(answer.location, from) : null
  return target?.protocol === from.protocol ? target : null
}

function failed(error: NodeJS.ErrnoException, connected: boolean, params: Params): Outcome<never> {
  const code = error.code ?? ''
  if (!connected) return { ok: false, problem: socketProblem(error, params, 'cache.port-closed') }
  const raw = cleanText(`${code} ${error.message}`)
  // Certificates and handshakes: something serves HTTPS there, but not as this laptop could accept it.
  if (/CERT|TLS|SSL|ALTNAME/.test(code)) return bad('cache.http-error', { ...params, status: code }, raw)
  return bad('cache.not-a-cache', params, raw)
}
