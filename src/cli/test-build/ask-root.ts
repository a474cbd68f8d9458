// offload-test-build --ask-root: where Nix hid why it failed, root is asked once, and the person sees what for.
import { cleanText } from '../../core/desktop/clean-text.ts'
import type { Builder } from '../../core/laptop/facts.ts'
import { askRoot } from '../../core/test-build/as-root.ts'
import { isHidden, rowOfRun, sharpened } from '../../core/test-build/root-answer.ts'
import { commandText, rootQuestion } from '../../core/test-build/root-question.ts'
import type { Messages } from '../../shared/messages/index.ts'
import type { TestBuildResult } from '../../shared/test-build.ts'
import type { Printer } from './printer.ts'

/** What asking root needs beside the result. */
export interface Asking {
  readonly builders: readonly Builder[]
  readonly words: Messages
  readonly printer: Printer
  readonly givenUp: AbortSignal
}

/** Says what root is about to run, has it run, and gives the result with what it told. */
export async function askedAsRoot(
  result: TestBuildResult,
  { builders, words, printer, givenUp }: Asking,
): Promise<TestBuildResult> {
  if (!isHidden(result)) return result
  const { cli } = words.testBuild
  const { env } = process
  const builder = rowOfRun(result, builders)
  const question = builder === null ? null : await rootQuestion(builder, env)
  if (builder === null || question === null) {
    printer.note(cli.cannotAskRoot)
    return result
  }
  printer.note(cli.askingRoot)
  printer.note(`  # ${cleanText(commandText(question))}`)
  const answer = await askRoot(question, { env, signal: givenUp, terminal: process.stdin.isTTY === true })
  return sharpened(result, builder, question, answer)
}
