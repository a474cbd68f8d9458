// No repair is open: which desktops ask for one.
import { fill } from '../../shared/locale.ts'
import {
  isAboutTrust,
  isRepairable,
  mendsCache,
  repairableBuilders,
  repairableCheck,
} from '../../shared/repairable.ts'
import { api } from '../api.ts'
import { plainLine } from '../plain.ts'
import { titleAlone } from '../status/subject.ts'
import { attempt, useAppState } from '../store.ts'
import { useWords } from '../words.ts'
import { Title } from './title.tsx'

/** A card for each builder that could be mended, with why. */
export function Choose() {
  const words = useWords()
  const snapshot = useAppState((state) => state.snapshot)
  const builders = repairableBuilders(snapshot)
  const own = words.messages.repairView
  return (
    <>
      <div className="repair-intro">
        <Title phase="closed">{own.chooseTitle}</Title>
        <p className="quiet">{builders.length === 0 ? own.chooseNone : own.chooseIntro}</p>
      </div>
      {builders.map(({ id, host, port, user, checks }) => {
        const cache = snapshot.caches.find((one) => mendsCache(one, snapshot)?.id === id)
        const check =
          checks.find((one) => isRepairable(one.cause)) ??
          (cache && repairableCheck(cache)) ??
          snapshot.laptop.checks.find((one) => one.cause === 'laptop.builder-key-missing')
        const params = { host, port, user, url: cache?.url ?? '', ...check?.params }
        return (
          <section key={id} className="card repair-card">
            <h2>{plainLine(host, 80)}</h2>
            {check?.cause !== undefined && <p>{titleAlone(check.cause, params, words)}</p>}
            <div className="buttons">
              <button
                type="button"
                className="button main"
                onClick={() => attempt(api().repairOpen({ builder: id }))}
              >
                {isAboutTrust(check?.cause)
                  ? own.toTrust
                  : fill(own.chooseOne, { host: plainLine(host, 60) })}
              </button>
            </div>
          </section>
        )
      })}
      {snapshot.builders.length > 0 && (
        <section className="card repair-card">
          <h2>{words.messages.window.thisLaptop}</h2>
          <div className="buttons">
            <button type="button" className="button" onClick={() => attempt(api().laptopOpen({}))}>
              {words.messages.laptopSide.toLaptop}
            </button>
          </div>
        </section>
      )}
    </>
  )
}
