// The one thing to do about a row: compare a host key, repair it, run a command, or check again.
import { actionFor } from '../../shared/actions.ts'
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
import { type Check, isAdvice } from '../../shared/status.ts'
import { api } from '../api.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { CopyButton } from '../parts/copy.tsx'
import { attempt, useAppState } from '../store.ts'
import { useWords } from '../words.ts'
import { Fingerprints } from './fingerprints.tsx'
import { asksForAction, causeText, paramsOf, type Subject } from './subject.ts'

/** Where the next step of a row leads. */
type Way = 'repair' | 'cache-repair' | 'laptop' | 'key' | 'test-build' | 'outside' | 'again'

function wayOf(check: Check, subject: Subject): Way {
  const { cause, note } = check
  if (subject.kind === 'builder' && isRepairable(cause)) return 'repair'
  if (subject.kind === 'cache' && repairableCheck(subject.cache) === check) return 'cache-repair'
  if (isMendedOnLaptop(cause)) return 'laptop'
  if (cause === 'laptop.builder-key-missing') return 'key'
  if (note === 'needs-test-build' || note === 'through-a-proxy') return 'test-build'
  const own = cause === undefined ? 'check-now' : actionFor(cause)
  if (own !== null) return own === 'check-now' ? 'again' : 'test-build'
  return 'outside'
}

/** Whether the next step is done outside this app: then the row itself says what to do, and not only its fold. */
export function isDoneOutside(check: Check, subject: Subject): boolean {
  return asksForAction(check) && wayOf(check, subject) === 'outside'
}

/** Exactly one button. */
export function NextStep({ check, subject }: { readonly check: Check; readonly subject: Subject }) {
  return (
    <div className="next">
      <Step check={check} subject={subject} />
    </div>
  )
}

function Step({ check, subject }: { readonly check: Check; readonly subject: Subject }) {
  const params = paramsOf(check, subject)
  const builder = subject.kind === 'builder' ? subject.builder.id : undefined
  const way = wayOf(check, subject)
  switch (way) {
    case 'repair':
      return (
        <>
          {check.cause === 'ssh.host-key-changed' && <Changed params={params} />}
          {builder !== undefined && <ToRepair builder={builder} cause={check.cause} />}
        </>
      )
    case 'cache-repair':
      return <ToCacheRepair check={check} subject={subject} />
    case 'laptop':
      return <ToLaptop builder={builder} check={check} />
    case 'key':
      return <ToMissingKey params={params} />
    case 'test-build':
      return <ToTestBuild />
    case 'outside':
      return (
        <>
          {check.cause !== undefined && <Fix cause={check.cause} params={params} />}
          <Means cause={check.cause} params={params} />
        </>
      )
    case 'again':
      return <CheckAgain />
    default:
      return way satisfies never
  }
}

function Fix({ cause, params }: { readonly cause: CauseCode; readonly params: Params }) {
  return <p className="fix">{causeText(cause, params, useWords()).fix}</p>
}

/** The command that shows or does it; where there is none, the check of whether it is done. */
function Means({ cause, params }: { readonly cause: CauseCode | undefined; readonly params: Params }) {
  if (cause === undefined || commandFor(cause, params) === null) return <CheckAgain />
  return <Command cause={cause} params={params} />
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
  if (builder === undefined) return <Command cause="laptop.builder-key-missing" params={params} />
  return <ToRepair builder={builder.id} />
}

/** The repair of the desktop that serves the cache; where that is out of reach, the command. */
function ToCacheRepair({ check, subject }: { readonly check: Check; readonly subject: Subject }) {
  const builder = useAppState(({ snapshot }) =>
    subject.kind === 'cache' ? mendsCache(subject.cache, snapshot) : null,
  )
  if (builder !== null) return <ToRepair builder={builder.id} />
  return <Means cause={check.cause} params={paramsOf(check, subject)} />
}

interface ToLaptopProps {
  readonly builder: string | undefined
  readonly check: Check
}

/** To the screen with what this laptop itself lacks: the desktop's new address, a key, a setting. Advice does not press. */
function ToLaptop({ builder, check }: ToLaptopProps) {
  const { laptopSide } = useWords().messages
  const open = () => attempt(api().laptopOpen(builder === undefined ? {} : { builder }))
  return (
    <button type="button" className={isAdvice(check) ? 'button' : 'button main'} onClick={open}>
      {check.cause === 'net.moved' ? laptopSide.toMoved : laptopSide.toLaptop}
    </button>
  )
}

function ToTestBuild() {
  const { messages } = useWords()
  return (
    <button type="button" className="button" onClick={() => attempt(api().show('test-build'))}>
      {messages.window.toTestBuild}
    </button>
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
