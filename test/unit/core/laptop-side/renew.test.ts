// A desktop's new host key: what is changed for it once the person took it, what is only told, and that nothing is without.
import { describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../../../src/core/desktop/key-blob.ts'
import type { Ground } from '../../../../src/core/laptop-side/ground.ts'
import type { Known } from '../../../../src/core/laptop-side/needs.ts'
import { planLaptop } from '../../../../src/core/laptop-side/plan.ts'
import { keyBlob } from '../desktop/keys.ts'
import { builder, laptop } from '../monitor/fixtures.ts'
import { ground, known, machines, nixConf } from './ground.ts'

const keyOf = (name: string) => `ssh-ed25519 ${keyBlob(name).toString('base64')}`
const sha = (name: string) => fingerprintOf(keyBlob(name))
const column = (name: string) => Buffer.from(keyOf(name)).toString('base64')
const knownHosts = '/etc/ssh/ssh_known_hosts'
const uri = 'ssh-ng://nix-builder@desktop'
const row = (name: string) => `${uri} x86_64-linux /etc/nix/builder_key 4 1 kvm - ${column(name)} # mine\n`
const pinned = (name: string | null) =>
  builder('desktop', {
    id: uri,
    uri,
    address: { host: 'desktop', port: 22, user: 'nix-builder' },
    hostKeyLine: name === null ? null : keyOf(name),
    source: { file: machines, line: 1 },
  })

/** The plan for a desktop that shows the key "new". */
function plan(
  holds: string | null,
  files: Record<string, string>,
  change: Partial<Known> = {},
  more: Partial<Ground> = {},
) {
  const one = pinned(holds)
  const seen = { facts: laptop({ builders: [one] }), connectTimeout: '5', sshGivesUp: true }
  const renewal = { from: holds === null ? [] : [sha(holds)], to: sha('new'), accepted: true }
  const at: Partial<Known> = {
    builder: one,
    hostKeyLine: keyOf('new'),
    onlyAppTrusts: true,
    renewal,
    ...change,
  }
  const planned = planLaptop(known(at), ground({ [nixConf]: '', ...files }, { seen, ...more }))
  const after = Object.fromEntries(planned.placements.map(({ path, after: text }) => [path, text]))
  return { ...planned, after, ids: planned.plan.needs.map(({ id }) => id) }
}

describe('a row that pins the old key', () => {
  it('pins the new one once that was taken: its column alone changes, and both fingerprints are told', () => {
    const done = plan('old', { [machines]: row('old') })
    expect(done.plan.needs).toEqual([
      {
        id: 'renew-host-key',
        params: { host: 'desktop', from: sha('old'), to: sha('new') },
        advice: false,
        unknown: false,
      },
    ])
    expect(done.after).toEqual({ [machines]: row('new') })
    expect(done.rootHost).toBeNull()
    expect(done.plan.canApply).toBe(true)
    expect(done.plan.hostKey).toEqual({ from: [sha('old')], to: sha('new'), accepted: true, places: [] })
  })

  it('is left alone before that, whatever else is known', () => {
    const renewal = { from: [sha('old')], to: sha('new'), accepted: false }
    const done = plan(
      'old',
      { [machines]: row('old'), [knownHosts]: `desktop ${keyOf('old')}\n` },
      {
        renewal,
        hostKeyLine: null,
        onlyAppTrusts: false,
      },
    )
    expect(done.plan.needs).toMatchObject([{ id: 'renew-host-key', unknown: true }])
    expect(done.after).toEqual({})
    expect(done.rootHost).toBeNull()
    expect(done.plan).toMatchObject({ changes: [], commands: [], byHand: [], canApply: false })
    expect(JSON.stringify(done.plan.snippet)).not.toContain(keyBlob('new').toString('base64'))
  })

  it('in nix.conf itself is changed there, and the daemon started again', () => {
    const one = { ...pinned('old'), source: { file: nixConf, line: 1 } }
    const seen = { facts: laptop({ builders: [one] }), connectTimeout: '5', sshGivesUp: true }
    const text = (name: string) => `builders = ${uri} - /k 4 1 - - ${column(name)} ; ssh://other\n`
    const done = plan('old', { [nixConf]: text('old') }, { builder: one }, { seen })
    expect(done.after).toEqual({ [nixConf]: text('new') })
    expect(done.restart).toBe(true)
  })

  it('takes the other rows of the same desktop along, and no other desktop’s', () => {
    const second = {
      ...pinned('old'),
      id: 'two',
      uri: 'ssh://two@desktop',
      source: { file: machines, line: 2 },
    }
    const other = builder('attic', {
      hostKeyLine: keyOf('old'),
      address: { host: 'attic', port: 22, user: 'x' },
      source: { file: machines, line: 3 },
    })
    const text = (name: string) =>
      `${row(name)}ssh://two@desktop - - 1 1 - - ${column(name)}\n${other.uri} - - 1 1 - - ${column('old')}\n`
    const seen = {
      facts: laptop({ builders: [pinned('old'), second, other] }),
      connectTimeout: '5',
      sshGivesUp: true,
    }
    expect(plan('old', { [machines]: text('old') }, {}, { seen }).after).toEqual({ [machines]: text('new') })
  })
})

describe('ssh’s known hosts for everybody', () => {
  it('hold the new key in place of each old one; other names, hosts and @-lines stay', () => {
    const text = [
      '# kept',
      `desktop,10.0.0.2 ${keyOf('old')} remark`,
      `attic ${keyOf('old')}`,
      `@revoked desktop ${keyOf('bad')}`,
      `* ${keyOf('old')}`,
      `desktop ${keyOf('older')}`,
      '',
    ].join('\n')
    const done = plan(null, { [machines]: `${uri}\n`, [knownHosts]: text })
    expect(done.after[knownHosts]).toBe(
      [
        '# kept',
        `10.0.0.2 ${keyOf('old')} remark`,
        `attic ${keyOf('old')}`,
        `@revoked desktop ${keyOf('bad')}`,
        `* ${keyOf('old')}`,
        `desktop ${keyOf('new')}`,
        '',
      ].join('\n'),
    )
    expect(done.ids).toEqual(['renew-host-key', 'pin-host-key', 'root-known-hosts'])
    expect(done.plan.needs[0]).toMatchObject({ advice: false })
  })

  it('are changed by hand to the same text', () => {
    const text = `desktop ${keyOf('old')}\nattic x\ndesktop ${keyOf('older')}\nlast y\n`
    const done = plan(null, { [machines]: `${uri}\n`, [knownHosts]: text })
    const sed = done.plan.byHand.filter((line) => line.includes(knownHosts))
    expect(sed.slice(1)).toEqual([
      `sudo sed -i '1d;3d' ${knownHosts}`,
      `printf '%s\\n' ${`'desktop ${keyOf('new')}'`} | sudo tee -a ${knownHosts}`,
    ])
  })

  it('are only advice where the row pins the right key, which outweighs them', () => {
    const done = plan(
      'new',
      { [machines]: row('new'), [knownHosts]: `desktop ${keyOf('old')}\n` },
      {
        onlyAppTrusts: false,
      },
    )
    expect(done.plan.needs).toMatchObject([{ id: 'renew-host-key', advice: true }])
  })

  it('may hold a key of another type beside a trusted one, as long as nobody said that the keys are new', () => {
    const rsa = `ssh-rsa ${Buffer.concat([Buffer.from([0, 0, 0, 7]), Buffer.from('ssh-rsa'), Buffer.alloc(40, 7)]).toString('base64')}`
    const files = { [machines]: row('new'), [knownHosts]: `desktop ${rsa}\n` }
    const { renewal: _, ...trusted } = known({ builder: pinned('new'), hostKeyLine: keyOf('new') })
    const seen = { facts: laptop({ builders: [pinned('new')] }), connectTimeout: '5', sshGivesUp: true }
    expect(planLaptop(trusted, ground({ [nixConf]: '', ...files }, { seen })).plan.needs).toEqual([])
    expect(plan('new', files).ids).toEqual(['renew-host-key'])
  })
})

describe('root’s own known_hosts', () => {
  it('is named with its commands where no row pins anything; a redirection is root’s by hand, too', () => {
    const done = plan(null, { [machines]: `${uri}\n` })
    expect(done.ids).toEqual(['pin-host-key', 'root-known-hosts'])
    expect(done.rootHost).toEqual({ name: 'desktop', key: keyOf('new') })
    expect(done.plan.commands).toEqual([
      'ssh-keygen -R desktop -f /root/.ssh/known_hosts',
      `echo 'desktop ${keyOf('new')}' >>/root/.ssh/known_hosts`,
    ])
    expect(done.plan.byHand.slice(-2)).toEqual([
      'sudo ssh-keygen -R desktop -f /root/.ssh/known_hosts',
      `echo 'desktop ${keyOf('new')}' | sudo tee -a /root/.ssh/known_hosts`,
    ])
  })
})

describe('files that NixOS makes', () => {
  const nix = '/etc/nixos/configuration.nix'
  const text = `a = "${keyOf('old')} root@desktop";\nb = "${column('old')}";\nc = "${keyOf('other')}";\n`

  it('are not changed: the lines of the configuration are told, and the snippet holds the new key in both forms', () => {
    const files = { [machines]: row('old'), [nix]: text }
    const done = plan('old', files, {}, { nixos: true })
    expect(done.after).toEqual({})
    expect(done.plan.canApply).toBe(false)
    expect(done.plan.snippet).toContain(`publicHostKey = "${keyOf('new')}"`)
    expect(done.plan.snippet).toContain(`publicHostKey = "${column('new')}"`)
    expect(done.plan.hostKey?.places).toEqual([
      {
        file: nix,
        line: 1,
        before: `a = "${keyOf('old')} root@desktop";`,
        after: `a = "${keyOf('new')} root@desktop";`,
        ours: false,
      },
      {
        file: nix,
        line: 2,
        before: `b = "${column('old')}";`,
        after: `b = "${column('new')}";`,
        ours: false,
      },
    ])
  })

  it('and lie beside a plain row, are told; the row is changed', () => {
    const hosts = `desktop ${keyOf('old')}\n`
    const done = plan(
      'old',
      { [machines]: row('old'), [knownHosts]: hosts },
      {},
      { told: new Set([knownHosts]) },
    )
    expect(done.after).toEqual({ [machines]: row('new') })
    expect(done.plan.hostKey?.places).toMatchObject([{ file: knownHosts, line: 1, ours: false }])
  })
})
