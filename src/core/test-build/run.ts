// The test build: a payload built here, a probe that needs it built there, and the proof. Values in, one result out.
import { once } from 'node:events'
import type { Problem } from '../../shared/outcome.ts'
import type { StageId, TestBuildResult } from '../../shared/test-build.ts'
import { type Ahead, outputOf, startAhead } from './ahead.ts'
import { machineRow, mayChoose } from './choose.ts'
import type { Where } from './failure-texts.ts'
import { createEvidence, evidenceOf, logLineOf } from './lines.ts'
import { startLinkMeter } from './link-meter.ts'
import { payloadOf, probeExpression, reproduceText, returnOf } from './probe.ts'
import { marker } from './probe-text.ts'
import { expectProof } from './proof.ts'
import { activityType, type NixEvent } from './protocol.ts'
import { createReporter, type Listener } from './report.ts'
import {
  backToUpload,
  currentStage,
  enter,
  finish,
  follow,
  measured,
  startTrack,
  type Track,
} from './track.ts'
import { type StallLimits, stallLimits, startWatchdog } from './watchdog.ts'
import { builderOf } from './which-builder.ts'
import type { Stop, Subject } from './why.ts'

/** What is to be built, how much of it, and how long it may take. */
export interface TestBuildOptions extends Subject {
  /** Bytes to upload, 64 KiB to 1 GiB. */
  readonly payloadBytes: number
  /** The hard limit for everything, in ms. */
  readonly timeoutMs: number
  /** What was begun before the builder was known; from now on it belongs to the test build. Its payload's size counts. */
  readonly ahead?: Ahead
  /** Called once Nix has all it needs and only its answer is awaited; never where it does not come to that. */
  readonly waiting?: () => void
  /** For tests: other patience than stallLimits gives, in ms. */
  readonly stalls?: Partial<StallLimits>
}

/** A test build that runs. */
export interface TestBuild {
  /** The two commands that do the same by hand. */
  readonly reproduce: string
  /** Events from now on; nothing is told before the caller's code that started it has returned. */
  subscribe(listener: Listener): () => void
  /** Never rejects. When it resolves, no process and no file of the run is left. */
  readonly done: Promise<TestBuildResult>
  /** Ends it at any stage; resolves when it is over. */
  cancel(): Promise<void>
}

/** What judges a failure is loaded when there is one: Nix needs the processor more. */
const judging = () => Promise.all([import('./why.ts'), import('./plainly.ts')])
const wordless = () => import('./wordless.ts')

/**
 * Starts a test build at once. Its result names the machine that built, or one cause of the catalogue; never throws. Times in
 * ms, from the moment that Nix was started.
 */
export function startTestBuild(options: TestBuildOptions): TestBuild {
  const reporter = createReporter()
  const now = () => performance.now()
  let { ahead } = options
  const began = ahead?.began ?? now()
  const began1970 = ahead?.began1970 ?? Date.now()
  const payloadBytes = ahead?.payloadBytes ?? payloadOf(options.payloadBytes)
  let track = startTrack(began, { upload: payloadBytes, download: returnOf(payloadBytes) })
  let stop: Stop | null = null
  const giveUp = new AbortController()
  const givenUp = once(giveUp.signal, 'abort')
  const end = (why: Stop) => {
    stop ??= why
    return ahead?.kill() ?? Promise.resolve()
  }
  const move = (next: Track) => {
    const before = track
    track = next
    reporter.moved(before, next, now())
  }
  const watchdog = startWatchdog(
    { ...stallLimits(payloadBytes), ...options.stalls },
    options.timeoutMs,
    (why, stage, seconds) => void end({ why, stage, seconds }),
  )

  const isCopying = () => track.current === 'upload' || track.current === 'download'
  const meter = startLinkMeter({
    address: () => (isCopying() ? builderOf(track, options).address : null),
    env: options.env,
    hear: (bytes) => {
      watchdog.moved(track.current)
      move(measured(track, bytes))
    },
  })

  const fail = (problem: Problem): TestBuildResult => {
    move(finish(track, 'failed', now()))
    const builder = builderOf(track, options)
    return {
      ok: false,
      builder: builder.id,
      uri: builder.uri,
      problem,
      stage: track.current,
      ms: now() - began,
      stages: times(track),
      cancelled: stop?.why === 'cancelled',
    }
  }

  const perform = async (ahead: Ahead): Promise<TestBuildResult> => {
    const { builder } = options
    const asks = options.wanted === 'this' && (options.builders ?? []).length > 1
    const choosing = asks ? mayChoose(options.env) : false
    const evidence = createEvidence()
    /** Where Nix said that it builds. */
    const course: string[] = []
    const doneLine = `${marker} done ${ahead.tag}`
    let seen = false
    let where: Where = 'laptop'
    const hear = (events: readonly NixEvent[]) => {
      for (const event of events) {
        if (where !== 'laptop') move(follow(track, event, now()))
        const line = evidenceOf(event)
        if (line !== null) evidence.add(line)
        const builds = event.kind === 'start' && event.type === activityType.build
        if (builds && where !== 'laptop') course.push(event.text)
        seen ||= line?.startsWith(doneLine) === true
        const shown = logLineOf(event)
        if (shown !== null) reporter.log(shown)
      }
      watchdog.heard(track.current)
    }
    const failed = async () => {
      const [{ whyFailed }, { askPlainly }] = await judging()
      return fail(
        await whyFailed({
          where,
          lines: evidence.lines(),
          track,
          options,
          stop,
          since: began1970,
          givenUp,
          askPlainly: (one) => askPlainly(ahead, one, options.env),
          say: reporter.log,
        }),
      )
    }

    if (stop !== null) await ahead.kill()
    // A chosen builder's row is known later, and Nix must be started with it.
    else if (!asks) ahead.warm()
    ahead.here.listen(hear)
    const payload = await outputOf(ahead.here)
    if (!('path' in payload) && payload.end.spawnError !== null)
      return fail((await wordless()).nixMissing(builder, payload.end.spawnError))
    if (!('path' in payload) || stop !== null) return failed()
    const row = (await choosing) ? machineRow(builder) : null
    const there = await ahead.there(row)
    // A cancel in between did not know of this one.
    if (stop !== null) await ahead.kill()
    where = 'connecting'
    there.listen(hear)
    there.feed(probeExpression(ahead.tag, builder, payloadBytes))
    const readProof = expectProof(ahead.tag)
    options.waiting?.()
    const outPath = await there.said
    // Read while Nix ends: what it prints is there.
    const reading = outPath === null ? null : readProof(outPath)
    const end = await there.done
    if (track.machine !== null) where = 'taken'
    if (end.code !== 0 || stop !== null || outPath === null || reading === null) {
      const { neverArrived } = await import('./sent.ts')
      if (neverArrived(track, evidence.lines())) move(backToUpload(track))
      return failed()
    }

    move(enter(track, 'verify', now()))
    watchdog.heard('verify')
    const proof = await reading
    const machine = builderOf(track, options)
    const lost = async (cause: 'nix.built-locally' | 'nix.build-failed', ...what: readonly string[]) =>
      fail((await wordless()).unproven(machine, cause, [...what, ...course, ...evidence.lines()]))
    if (proof.state === 'wrong') return lost('nix.build-failed', proof.what)
    if (proof.state === 'here' || track.machine === null) return lost('nix.built-locally')
    if (!seen) return lost('nix.build-failed', `no log line "${doneLine}" was seen`)
    move(finish(track, 'done', now()))
    return {
      ok: true,
      builder: machine.id,
      uri: track.machine,
      ms: now() - began,
      stages: times(track),
      remote: proof.remote,
      outPath,
      ...(asks && machine.id !== builder.id ? { asked: { builder: builder.id, heeded: row !== null } } : {}),
    }
  }

  const run = async (): Promise<TestBuildResult> => {
    reporter.send({ type: 'stage', stage: currentStage(track, now()) })
    try {
      if (options.builder.maxJobs === 0) return fail((await wordless()).noJobs(options.builder))
      ahead ??= startAhead(options.env, payloadBytes)
      return await perform(ahead)
    } finally {
      await ahead?.remove()
    }
  }

  const done = Promise.resolve()
    .then(run)
    .catch(async (error: unknown) => fail((await wordless()).unexpected(options.builder, error)))
    .then((result) => {
      watchdog.stop()
      meter.stop()
      reporter.send({ type: 'result', result })
      return result
    })
  return {
    reproduce: reproduceText(options.builder, payloadBytes),
    subscribe: reporter.subscribe,
    done,
    async cancel() {
      giveUp.abort()
      await end({ why: 'cancelled' })
      await done
    },
  }
}

function times(track: Track): readonly { readonly id: StageId; readonly ms: number }[] {
  return track.stages.filter((one) => one.state !== 'pending').map(({ id, ms }) => ({ id, ms }))
}
