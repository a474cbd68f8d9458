// How a check is made: one function a state, so that no judgement forgets its time or its cause.
import type { Problem } from '../../shared/outcome.ts'
import type { Check, CheckId, CheckNote, CheckState } from '../../shared/status.ts'

/** When a check was proven (ISO 8601) and how long that took (ms). */
export interface When {
  readonly at: string
  readonly ms: number
}

export interface Remark {
  readonly note?: CheckNote
  readonly detail?: string
}

/** It was proven to be in order. */
export function passed<Id extends CheckId>(id: Id, when: When, remark: Remark = {}): Check<Id> {
  return { id, state: 'pass', ...remark, ...rounded(when) }
}

/** It was proven to be wrong; the problem's raw words become the detail where the remark has none. */
export function failed<Id extends CheckId>(
  id: Id,
  when: When,
  problem: Problem,
  remark: Remark = {},
): Check<Id> {
  return withProblem(id, 'fail', when, problem, remark)
}

/** As `failed`, of something that builds get past. */
export function warned<Id extends CheckId>(
  id: Id,
  when: When,
  problem: Problem,
  remark: Remark = {},
): Check<Id> {
  return withProblem(id, 'warn', when, problem, remark)
}

/** An earlier check failed, so this one could not run. */
export function skipped<Id extends CheckId>(id: Id, when: When): Check<Id> {
  return { id, state: 'skip', at: when.at, ms: 0 }
}

/** Nothing can prove it yet; the note or the problem says why. */
export function unproven<Id extends CheckId>(
  id: Id,
  when: When,
  remark: Remark,
  problem?: Problem,
): Check<Id> {
  if (problem !== undefined) return withProblem(id, 'unknown', when, problem, remark)
  return { id, state: 'unknown', ...remark, ...rounded(when) }
}

function withProblem<Id extends CheckId>(
  id: Id,
  state: CheckState,
  when: When,
  problem: Problem,
  remark: Remark,
): Check<Id> {
  const detail = remark.detail ?? problem.raw
  return {
    id,
    state,
    cause: problem.cause,
    ...(problem.params === undefined ? {} : { params: problem.params }),
    ...(remark.note === undefined ? {} : { note: remark.note }),
    ...(detail === undefined ? {} : { detail }),
    ...rounded(when),
  }
}

function rounded(when: When): When {
  return { ms: Math.round(when.ms * 10) / 10, at: when.at }
}
