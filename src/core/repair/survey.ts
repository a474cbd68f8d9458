// One look at the desktop: survey.sh in one exec, its JSON checked.
import * as v from 'valibot'
import { good, type Outcome, problem } from '../../shared/outcome.ts'
import { cleanText } from '../desktop/clean-text.ts'
import type { AdminSession } from './admin-session.ts'
import { type SurveyPorts, surveyProgram } from './sh.ts'
import { type SurveyFacts, surveySchema } from './survey-facts.ts'

/** sshd -T and some forks take a tenth of a second; a loaded machine may need more. */
const deadlineMs = 30_000
/** Five keys files and a dozen of configuration, each up to 256 KiB, in hex. */
const maxBytes = 9 * 1024 * 1024

/** What is looked at: the builder's user, and the ports that the laptop uses. */
export interface SurveyWish {
  readonly user: string
  readonly ports: SurveyPorts
}

/** Surveys with the rights that can be had. Bad: desktop.survey-failed, or what the connection ended in. */
export async function surveyDesktop(
  session: AdminSession,
  { user, ports }: SurveyWish,
  signal: AbortSignal,
): Promise<Outcome<SurveyFacts>> {
  const ran = await session.run(surveyProgram(user, ports), 'best', { deadlineMs, maxBytes, signal })
  if (!ran.ok) return ran
  const { stdout, stderr, rights } = ran.value
  const facts = readSurvey(stdout, rights)
  if (facts !== null) return good(facts)
  const raw = cleanText(`${stdout}\n${stderr}`, 600)
  return { ok: false, problem: problem('desktop.survey-failed', session.params, raw) }
}

/** The object among what was printed: a login shell may greet before it. null where there is none, or a wrong one. */
export function readSurvey(stdout: string, rights: SurveyFacts['rights']): SurveyFacts | null {
  const at = stdout.lastIndexOf('{"schema":1,')
  if (at < 0) return null
  const line = stdout.slice(at).split('\n', 1)[0] ?? ''
  try {
    const parsed = v.safeParse(surveySchema, { ...JSON.parse(line), rights })
    return parsed.success ? parsed.output : null
  } catch {
    return null // no JSON: the same as none
  }
}
