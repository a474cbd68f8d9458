// offload-repair remove: what goes and what stays is shown before anybody is asked, and without a yes nothing is done.
import { describe, expect, it, vi } from 'vitest'
import { lead } from '../../../../src/cli/repair/lead.ts'
import { noLiveLine } from '../../../../src/cli/repair/live.ts'
import { parseOptions } from '../../../../src/cli/repair/options.ts'
import { plainPrinter } from '../../../../src/cli/repair/print.ts'
import { plainPaint } from '../../../../src/cli/status/paint.ts'
import { createGuide } from '../../../../src/core/repair/guide.ts'
import { messagesFor } from '../../../../src/shared/messages/index.ts'
import { good } from '../../../../src/shared/outcome.ts'
import { type FactsWish, factsOf, fileOf, goodLine } from '../../core/repair/facts.ts'
import { playedEngine } from '../../core/repair/played-engine.ts'
import { builderKey } from '../../core/repair/target.ts'

const [type = '', blob = ''] = builderKey.public.trim().split(' ')
const short = `${type} ${blob.slice(0, 12)}…${blob.slice(-8)}`
const keys = '/var/lib/nix-builder/.ssh/authorized_keys'

async function remove(wish: FactsWish, args: readonly string[] = [], yes = false) {
  const parsed = parseOptions(['remove', '--admin', 'me@desktop', ...args], 'en', '1')
  if (parsed.kind !== 'run') throw new Error(parsed.text)
  let said = ''
  const undo = vi.fn(async () => good(undefined))
  const led = await lead(
    {
      guide: createGuide(playedEngine({ survey: async () => good(factsOf(wish)), undo })),
      options: parsed.options,
      secrets: { passphrase: null, password: null, sudo: null },
      printer: plainPrinter({
        write: (text) => {
          said += text
        },
        words: messagesFor('en'),
        paint: plainPaint,
        live: noLiveLine,
      }),
      confirm: async () => yes,
      tell: () => undefined,
      confirmLaptop: async () => false,
    },
    'desktop',
  )
  return { led, said: said.split('\n'), undone: undo.mock.calls.length }
}

describe('offload-repair remove', () => {
  it('shows each line with its place, the key in it shortened, its comment whole, and counts what stays', async () => {
    const text = `# mine\nssh-rsa AAAA another\n${goodLine}\n${goodLine}\n`
    const { led, said, undone } = await remove({ keys: text })
    expect(said).toContain(`  - ${keys}:3: restrict ${short} root@laptop`)
    expect(said).toContain(`  - ${keys}:4: restrict ${short} root@laptop`)
    expect(said).toContain(`Other keys in ${keys} stay: 1.`)
    expect(said.join('\n')).not.toContain(blob)
    expect(led).toMatchObject({ end: 'undecided', why: 'yes' })
    expect(undone).toBe(0)
  })

  it('does it after a yes, asked or given', async () => {
    expect(await remove({}, [], true)).toMatchObject({ led: { end: 'done', what: 'removed' }, undone: 1 })
    expect(await remove({}, ['--yes'])).toMatchObject({ led: { end: 'done', what: 'removed' }, undone: 1 })
  })

  it('names the same key in another form or file, which stays, and does not say that the key is gone', async () => {
    const other = fileOf('/etc/ssh/authorized_keys.d/nix-builder', `${goodLine}\r\n`)
    const restricted = `from="10.0.0.1" ${builderKey.public.trim()} by hand`
    const wish = { keys: `${goodLine}\n${restricted}\n`, others: [other] }
    const { led, said } = await remove(wish, ['--yes'])
    expect(said).toContain(`    ${keys}:2: from="10.0.0.1" ${short} by hand`)
    expect(said).toContain(`    /etc/ssh/authorized_keys.d/nix-builder:1: restrict ${short} root@laptop`)
    expect(led).toMatchObject({ end: 'done', what: 'removedLine' })
  })

  it('asks nobody where there is no line of ours', async () => {
    const { led, undone } = await remove({ keys: `${builderKey.public.trim()}\n` })
    expect(led).toMatchObject({ end: 'done', what: 'absent' })
    expect(undone).toBe(0)
  })

  it('says that root cannot be had before it asks', async () => {
    const { led, undone } = await remove({ rights: 'none' }, ['--yes'])
    expect(led).toMatchObject({ end: 'failed', problem: { cause: 'desktop.sudo-denied' } })
    expect(undone).toBe(0)
  })

  it('shows nothing of a line that could act on a terminal', async () => {
    const { said } = await remove({
      keys: `${goodLine}\nenvironment="A=\u001b]0;x\u0007\u202e" ${goodLine}\n`,
    })
    for (const sign of ['\u001b', '\u0007', '\u202e']) expect(said.join('\n')).not.toContain(sign)
  })
})
