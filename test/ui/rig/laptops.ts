// What this laptop itself may lack, planned for real: what its screen is looked at with.
import { fingerprintOf } from '../../../src/core/desktop/key-blob.ts'
import type { Known } from '../../../src/core/laptop-side/needs.ts'
import { planLaptop } from '../../../src/core/laptop-side/plan.ts'
import type { GuideState } from '../../../src/shared/guide.ts'
import type { LaptopPlan } from '../../../src/shared/laptop-side.ts'
import { keyBlob } from '../../unit/core/desktop/keys.ts'
import {
  address,
  cacheKey,
  ground,
  hostKeyLine,
  known,
  machines,
  nixConf,
  otherKey,
  sshConfig,
} from '../../unit/core/laptop-side/ground.ts'
import { builder, cache, laptop, withSettings } from '../../unit/core/monitor/fixtures.ts'
import { uri } from './guides.ts'

type In<P extends GuideState['phase']> = Extract<GuideState, { phase: P }>

const conf = `# sandbox off: see the desktop's nix.conf
sandbox = false
builders =
substituters = https://cache.nixos.org
trusted-public-keys = cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY= ${otherKey}
fallback = false
`
const row = 'ssh-ng://nix-builder@desktop x86_64-linux /etc/nix/builder_key 4 1 - - - # the big one\n'

const manyFacts = laptop({
  nixVersion: '2.26.3',
  caches: [{ ...cache, isSubstituter: false }],
  settings: withSettings({
    builders: '',
    fallback: false,
    trustedPublicKeys: ['cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=', otherKey],
  }).settings,
})
const files = { [nixConf]: conf, [machines]: row, [sshConfig]: 'Include /etc/ssh/ssh_config.d/*.conf\n' }
const unpinned = builder('desktop', { address, source: { file: machines, line: 1 } })

function plan(change: Partial<Known>, more: Parameters<typeof ground>[1] = {}): LaptopPlan {
  const seen = { facts: manyFacts, connectTimeout: null, sshGivesUp: false }
  return planLaptop(
    known({ builder: unpinned, onlyAppTrusts: true, ...change }),
    ground(files, { seen, ...more }),
  ).plan
}

const base = {
  builder: uri,
  host: 'desktop',
  port: 22,
  phase: 'laptop',
  alone: false,
  wish: { builder: uri },
  steps: [],
  busy: false,
  problem: null,
} as const

export const many: In<'laptop'> = { ...base, laptopPlan: plan({ cacheKey }) }
export const applying: In<'laptop'> = { ...many, busy: true }
export const refusedPassword: In<'laptop'> = {
  ...many,
  problem: {
    cause: 'laptop.pkexec-refused',
    raw: 'Error executing command as another user: Request dismissed',
  },
}
export const onNixos: In<'laptop'> = { ...base, laptopPlan: plan({ cacheKey }, { nixos: true }) }
export const withoutPkexec: In<'laptop'> = { ...base, laptopPlan: plan({ cacheKey }, { root: 'none' }) }

const noKey = laptop({ settings: withSettings({ trustedPublicKeys: ['cache.nixos.org-1:AAAA'] }).settings })
export const unknownKey: In<'laptop'> = {
  ...base,
  alone: true,
  laptopPlan: plan(
    { builder: builder('desktop', { address, hostKeyLine }) },
    { seen: { facts: noKey, connectTimeout: '5', sshGivesUp: true } },
  ),
}
export const nothing: In<'laptop'> = {
  ...base,
  alone: true,
  laptopPlan: plan(
    { builder: builder('desktop', { address, hostKeyLine }) },
    { seen: { facts: laptop(), connectTimeout: '5', sshGivesUp: true } },
  ),
}
export const looking: In<'laptop'> = { ...base, alone: true, laptopPlan: null, busy: true }
export const noAnswer: In<'laptop'> = {
  ...base,
  alone: true,
  laptopPlan: null,
  problem: { cause: 'net.timeout', params: { host: '192.168.15.9', port: 22 } },
}

const keyOf = (name: string) => `ssh-ed25519 ${keyBlob(name).toString('base64')}`
const sha = (name: string) => fingerprintOf(keyBlob(name))
const pinnedRow = builder('desktop', {
  address,
  hostKeyLine: keyOf('old'),
  source: { file: machines, line: 2 },
})
const pinnedText = `# builders\n${pinnedRow.uri} x86_64-linux /etc/nix/builder_key 4 1 kvm - ${Buffer.from(keyOf('old')).toString('base64')}\n`

/** A desktop that shows the key "new". */
function keyPlan(accepted: boolean, more: Parameters<typeof ground>[1] = {}, row = pinnedRow): LaptopPlan {
  const facts = laptop({ builders: [row] })
  const files: Record<string, string> = {
    [machines]: pinnedText,
    '/home/alice/.ssh/known_hosts': `${row.address.host} ${keyOf('old')}\n`,
    ...(more.nixos === true ? { '/etc/nixos/offload.nix': `  publicHostKey = "${keyOf('old')}";\n` } : {}),
  }
  return planLaptop(
    known({
      builder: row,
      hostKeyOnly: true,
      hostKeyLine: accepted ? keyOf('new') : null,
      onlyAppTrusts: accepted,
      renewal: { from: [sha('old')], to: sha('new'), accepted },
    }),
    ground(files, { seen: { facts, connectTimeout: '5', sshGivesUp: true }, ...more }),
  ).plan
}
const keyGuide: In<'laptop'> = {
  ...base,
  alone: true,
  wish: { builder: uri, hostKey: sha('new'), scope: 'host-key' },
  laptopPlan: keyPlan(true),
}
export const newHostKey = keyGuide
export const newHostKeyNixos: In<'laptop'> = { ...keyGuide, laptopPlan: keyPlan(true, { nixos: true }) }
/** No row pins anything: root's own file is told as commands. */
export const newHostKeyOfRoot: In<'laptop'> = {
  ...keyGuide,
  wish: { builder: uri },
  laptopPlan: keyPlan(true, {}, builder('desktop', { address, source: { file: machines, line: 2 } })),
}
export const notCompared: In<'laptop'> = { ...keyGuide, wish: { builder: uri }, laptopPlan: keyPlan(false) }

const moved = builder('192.168.15.6', {
  address: { host: '192.168.15.6', port: 22, user: 'nix-builder' },
  hostKeyLine,
  source: { file: machines, line: 1 },
})
const movedFiles = {
  [machines]:
    'ssh-ng://nix-builder@192.168.15.6 x86_64-linux /etc/nix/builder_key 4 1 benchmark,big-parallel - QUJD\n',
  [nixConf]: 'substituters = http://192.168.15.6:5000 https://cache.nixos.org\nfallback = true\n',
  [sshConfig]: 'Host desktop\n  HostName 192.168.15.6\n',
  '/etc/ssh/ssh_known_hosts': '192.168.15.6 ssh-ed25519 AAAA\n',
  '/etc/hosts': '192.168.15.6 desktop\n',
  '/home/alice/.ssh/config': 'HostName 192.168.15.6\n',
}
const movedFacts = laptop({ builders: [moved], caches: [{ ...cache, url: 'http://192.168.15.6:5000' }] })
const move = { from: '192.168.15.6', to: '192.168.15.7' }
const movedPlan = planLaptop(
  known({ host: '192.168.15.6', builder: moved, move }),
  ground(movedFiles, { seen: { facts: movedFacts, connectTimeout: '5', sshGivesUp: true } }),
).plan
export const movedGuide: In<'laptop'> = {
  ...base,
  host: '192.168.15.6',
  alone: true,
  wish: { builder: uri, newAddress: move.to },
  laptopPlan: movedPlan,
}
