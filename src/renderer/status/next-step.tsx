// The one thing to do about a row: compare a host key, repair it, run a command, or check again.
import { type CauseCode, causes } from '../../shared/causes.ts'
import { commandFor } from '../../shared/command.ts'
import { isMendedOnLaptop } from '../../shared/laptop-side.ts'
import type { Params } from '../../shared/outcome.ts'
import {
  isAboutTrust,
  isRepairable,
  mendsCache,
  repairableBuilders,
  repairableCheck,
} from '../../shared/repairable.ts'
import type { Check } from '../../shared/status.ts'
import { api } from '../api.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { CopyButton } from '../parts/copy.tsx'
import { attempt, useAppState } from '../store.ts'
import { useWords } from '../words.ts'
import { Fingerprints } from './fingerprints.tsx'
import { paramsOf, type Subject } from './subject.ts'

/** Exactly one button. */
export function NextStep({ check, subject }: { readonly check: Check; readonly subject: Subject }) {
  const params = paramsOf(check, subject)
  if (subject.kind === 'builder' && isRepairable(check.cause)) {
    return (
      <div className="next">
        {check.cause === 'ssh.host-key-changed' && <Changed params={params} />}
        <ToRepair builder={subject.builder.id} cause={check.cause} />
      </div>
    )
  }
  if (subject.kind === 'cache' && repairableCheck(subject.cache) === check)
    return <ToCacheRepair {...{ check, subject }} />
  if (isMendedOnLaptop(check.cause)) return <ToLaptop subject={subject} moved={check.cause === 'net.moved'} />
  if (check.cause === 'laptop.builder-key-missing') return <ToMissingKey params={params} />
  if (check.note === 'needs-test-build' || check.note === 'through-a-proxy') return <ToTestBuild />
  if (check.cause !== undefined && commandFor(check.cause, params) !== null) {
    return (
      <div className="next">
        <Command cause={check.cause} params={params} />
      </div>
    )
  }
  return (
    <div className="next">
      <CheckAgain />
    </div>
  )
}

function Changed({ params }: { readonly params: Params }) {
  const { messages } = useWords()
  return (
    <>
      <p>{messages.window.anotherMachine}</p>
      <Fingerprints params={params} />
    </>
  )
}

/** A cause's command, where it is to be run, and the button that copies it. Nothing where there is no command. */
export function Command({ cause, params }: { readonly cause: CauseCode; readonly params: Params }) {
  const { messages } = useWords()
  const command = commandFor(cause, params)
  if (command === null) return null
  const where = causes[cause].runOn === 'laptop' ? messages.window.onLaptop : messages.window.onDesktop
  return (
    <div className="command">
      <span className="where">{where}</span>
      <code>{command}</code>
      <CopyButton text={command} label={messages.window.copyCommand} />
    </div>
  )
}

interface ToRepairProps {
  readonly builder: string
  /** What it is about, where one cause leads here: the button says what comes first. */
  readonly cause?: CauseCode | undefined
}

/** Begins the guided repair of a builder, or goes back to it. */
export function ToRepair({ builder, cause }: ToRepairProps) {
  const { repairView } = useWords().messages
  return (
    <button type="button" className="button main" onClick={() => attempt(api().repairOpen({ builder }))}>
      {isAboutTrust(cause) ? repairView.toTrust : repairView.trayItem}
    </button>
  )
}

/** The guide makes the key and brings it to the desktop; without a builder to bring it to, the command makes it. */
function ToMissingKey({ params }: { readonly params: Params }) {
  const builder = useAppState(({ snapshot }) => repairableBuilders(snapshot)[0])
  return (
    <div className="next">
      {builder === undefined ? (
        <Command cause="laptop.builder-key-missing" params={params} />
      ) : (
        <ToRepair builder={builder.id} />
      )}
    </div>
  )
}

/** The repair of the desktop that serves the cache; where that is out of reach, the command. */
function ToCacheRepair({ check, subject }: { readonly check: Check; readonly subject: Subject }) {
  const builder = useAppState(({ snapshot }) =>
    subject.kind === 'cache' ? mendsCache(subject.cache, snapshot) : null,
  )
  const { cause } = check
  return (
    <div className="next">
      {builder !== null ? (
        <ToRepair builder={builder.id} />
      ) : cause !== undefined && commandFor(cause, paramsOf(check, subject)) !== null ? (
        <Command cause={cause} params={paramsOf(check, subject)} />
      ) : (
        <CheckAgain />
      )}
    </div>
  )
}

/** To the screen with what this laptop itself lacks: the desktop's new address, a key, a setting. */
function ToLaptop({ subject, moved }: { readonly subject: Subject; readonly moved: boolean }) {
  const { messages } = useWords()
  const builder = subject.kind === 'builder' ? { builder: subject.builder.id } : {}
  return (
    <div className="next">
      <button type="button" className="button main" onClick={() => attempt(api().laptopOpen(builder))}>
        {moved ? messages.laptopSide.toMoved : messages.laptopSide.toLaptop}
      </button>
    </div>
  )
}

function ToTestBuild() {
  const { messages } = useWords()
  return (
    <div className="next">
      <button type="button" className="button" onClick={() => attempt(api().show('test-build'))}>
        {messages.window.toTestBuild}
      </button>
    </div>
  )
}

function CheckAgain() {
  const { messages } = useWords()
  return (
    <ActionButton
      action="check-now"
      label={messages.window.checkAgain}
      onClick={() => attempt(api().checkNow())}
    />
  )
}
