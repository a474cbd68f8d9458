// Trust: the host key's fingerprint, to be compared on the desktop itself before anything is sent; a yes to it alone
// is enough for whoever has nothing else to mend.
import { commandFor } from '../../shared/command.ts'
import { fill } from '../../shared/locale.ts'
import { api } from '../api.ts'
import { CopyButton } from '../parts/copy.tsx'
import { plainLine } from '../plain.ts'
import { attempt, useAppState } from '../store.ts'
import { useWords } from '../words.ts'
import { Busy } from './busy.tsx'
import type { GuideIn } from './guide.ts'
import { ProblemBox } from './problem-box.tsx'
import { Title } from './title.tsx'

/** The yes is about exactly the fingerprint on the screen. */
export function TrustPhase({ guide }: { readonly guide: GuideIn<'trust'> }) {
  const { messages } = useWords()
  const words = messages.repairView
  const host = plainLine(guide.host, 80)
  const { offered, problem } = guide
  const changed = offered.expected.length > 0
  const known = guide.trustedIn !== undefined
  // Unknown and changed are what this step is about; anything else went wrong on the way.
  const failed =
    problem !== null && problem.cause !== 'ssh.host-key-unknown' && problem.cause !== 'ssh.host-key-changed'
  return (
    <section className="card repair-card" data-changed={changed}>
      <Title phase={`trust ${offered.fingerprint}`}>
        {fill(changed ? words.trustChangedTitle : known ? words.trustedTitle : words.trustTitle, { host })}
      </Title>
      {changed && <p className="caution">{words.trustFirst}</p>}
      <p>
        {known ? fill(words.trustedIn, { source: plainLine(guide.trustedIn ?? '', 300) }) : words.trustIntro}
      </p>
      <dl className="keys">
        {offered.expected.map(({ fingerprint, source }) => (
          <div key={`${fingerprint} ${source}`}>
            <dt>
              {source === ''
                ? words.trustBefore
                : fill(words.trustBeforeAt, { source: plainLine(source, 300) })}
            </dt>
            <dd>
              <Fingerprint value={fingerprint} />
            </dd>
          </div>
        ))}
        <div className="key-now">
          <dt>
            {fill(words.trustNow, { host })} <span className="quiet">{plainLine(offered.keyType, 60)}</span>
          </dt>
          <dd>
            <Fingerprint value={offered.fingerprint} />
          </dd>
        </div>
      </dl>
      <div className="command">
        <span className="where">{words.trustWhere}</span>
        <code>{ownKeyCommand(offered.keyType)}</code>
        <CopyButton text={ownKeyCommand(offered.keyType)} label={messages.window.copyCommand} />
      </div>
      {failed && <ProblemBox problem={problem} known={{ host: guide.host, port: guide.port }} />}
      {guide.pinned !== undefined && (
        <p className="caution">{fill(words.trustPinned, { source: plainLine(guide.pinned.source, 300) })}</p>
      )}
      {guide.busy ? (
        <Busy>{words.trustBusy}</Busy>
      ) : (
        <Answers guide={guide} changed={changed} known={known} />
      )}
    </section>
  )
}

interface AnswersProps {
  readonly guide: GuideIn<'trust'>
  readonly changed: boolean
  readonly known: boolean
}

/** The yes is about exactly the fingerprint on the screen; no yes to a changed key is made easier than the no. */
function Answers({ guide, changed, known }: AnswersProps) {
  const { messages } = useWords()
  const words = messages.repairView
  const { fingerprint } = guide.offered
  const yes = changed ? words.trustYesChanged : known ? words.trustGoOn : words.trustYes
  return (
    <div className="buttons">
      <button
        type="button"
        className={changed ? 'button' : 'button main'}
        onClick={() => attempt(api().repairTrust({ fingerprint }))}
      >
        {yes}
      </button>
      {!changed && !known && <TrustAlone builder={guide.builder} fingerprint={fingerprint} />}
      {!known && (
        <button type="button" className="button" onClick={() => attempt(api().repairClose())}>
          {messages.window.trustNo}
        </button>
      )}
    </div>
  )
}

/** The yes without a repair, where a check of this desktop waits for exactly this key. */
function TrustAlone({ builder, fingerprint }: { readonly builder: string; readonly fingerprint: string }) {
  const { messages } = useWords()
  const waits = useAppState(({ snapshot }) =>
    snapshot.builders.some(
      ({ id, checks }) =>
        id === builder &&
        checks.some(
          ({ cause, params }) => cause === 'ssh.host-key-unknown' && params?.['offered'] === fingerprint,
        ),
    ),
  )
  if (!waits) return null
  const trust = async () => {
    if (await attempt(api().trustHostKey({ builder, fingerprint }))) await attempt(api().repairClose())
  }
  return (
    <button type="button" className="button" onClick={trust}>
      {messages.actions.labels['trust-host-key']}
    </button>
  )
}

/** In groups of eight, which the eye can compare; copied and read aloud as one word. */
export function Fingerprint({ value }: { readonly value: string }) {
  const [name = '', ...rest] = plainLine(value, 200).split(':')
  const body = rest.join(':')
  const groups = (body === '' ? name : body).match(/.{1,8}/gu) ?? []
  return (
    <code className="fingerprint big">
      {body !== '' && <span className="quiet">{`${name}:`}</span>}
      {groups.map((group, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is what tells equal groups apart
        <span key={at} className="group">
          {group}
        </span>
      ))}
    </code>
  )
}

/** The key file of the offered type; every key's where the type is none that is known. */
function ownKeyCommand(type: string): string {
  const known = /^(?:ssh-(ed25519|rsa)|(ecdsa)-sha2-nistp\d+)$/.exec(type)
  const name = known?.[1] ?? known?.[2]
  if (name === undefined) return commandFor('ssh.host-key-unknown') ?? ''
  return `ssh-keygen -lf /etc/ssh/ssh_host_${name}_key.pub`
}
