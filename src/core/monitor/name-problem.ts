// Completes a problem with the names its text and its command need: host, port, user, key, url.
import { causes } from '../../shared/causes.ts'
import type { Params, Problem } from '../../shared/outcome.ts'
import type { Builder, Cache } from '../laptop/facts.ts'

/** The problem in the words of the machines row: the host by the name the user gave it, not the address behind it. */
export function ofBuilder(builder: Builder, problem: Problem): Problem {
  const { port, user } = builder.address
  return completed(problem, { port, user, ...keyParam(builder), ...problem.params, host: builder.host })
}

/** The problem in the words of the cache's url. */
export function ofCache(cache: Cache, problem: Problem): Problem {
  const url = URL.canParse(cache.url) ? new URL(cache.url) : null
  const where = url === null ? {} : { host: url.hostname, port: Number(url.port) || defaultPort(url) }
  return completed(problem, { ...where, ...problem.params, url: cache.url })
}

function completed(problem: Problem, known: Params): Problem {
  const names = new Set<string>([...causes[problem.cause].params, ...Object.keys(problem.params ?? {})])
  const params = Object.fromEntries(Object.entries(known).filter(([name]) => names.has(name)))
  return { ...problem, params }
}

function keyParam(builder: Builder): Params {
  return builder.keyPath === null ? {} : { key: builder.keyPath }
}

function defaultPort(url: URL): number {
  return url.protocol === 'https:' ? 443 : 80
}
