// A test build whose reason Nix hides, and what can come of asking root.
import { problem } from '../../../src/shared/outcome.ts'
import type { RootSaid, TestBuildState } from '../../../src/shared/test-build.ts'
import { ended, failed } from './builds.ts'

/** As core/test-build/root-question.ts makes it. */
export const command =
  "/usr/bin/ssh -v -x -oBatchMode=yes -oConnectTimeout=10 -oServerAliveInterval=5 -oServerAliveCountMax=3 -i /etc/nix/builder_key -oUserKnownHostsFile=/run/user/1000/offload-tray-host-key-4711 -- nix-builder@desktop 'nix-store --serve --write'"

const said =
  "cannot build on 'ssh-ng://nix-builder@desktop': error: cannot open connection to remote store 'ssh-ng://nix-builder@desktop': error: unexpected end-of-file"
const hidden = {
  ...failed,
  problem: problem('nix.no-answer', { host: 'desktop', user: 'nix-builder' }, said),
  stage: 'connect',
  stages: failed.stages.slice(0, 2),
} as const

/** Before it is asked, or after an answer that left it open. */
export function unexplained(asRoot?: RootSaid, asking = false): TestBuildState {
  const state = ended(asRoot === undefined ? hidden : { ...hidden, asRoot })
  return state.phase === 'ended' ? { ...state, rootQuestion: { command, asking } } : state
}

/** Root was told. */
export const explained: TestBuildState = ended({
  ...hidden,
  problem: problem(
    'nix.daemon-down',
    { host: 'desktop' },
    `# ${command}\nerror: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Connection refused\n${said}`,
  ),
  asRoot: { state: 'told' },
})

export const refused: RootSaid = {
  state: 'refused',
  problem: problem('laptop.pkexec-refused', {}, 'Error executing command as another user: Request dismissed'),
}
export const noWay: RootSaid = { state: 'refused', problem: problem('laptop.pkexec-missing', {}) }
