// All faults by name.
import { adminFaults } from './admin.ts'
import { cacheFaults } from './cache.ts'
import { configFaults } from './config.ts'
import type { Fault } from './fault.ts'
import { machinesFaults } from './machines.ts'
import { networkFaults } from './network.ts'
import { pairingFaults } from './pairing.ts'
import { remoteNixFaults } from './remote-nix.ts'
import { sshFaults } from './ssh.ts'

export const faults: readonly Fault[] = [
  ...networkFaults,
  ...sshFaults,
  ...pairingFaults,
  ...adminFaults,
  ...machinesFaults,
  ...configFaults,
  ...cacheFaults,
  ...remoteNixFaults,
]

/** The fault of that name. Throws, naming all there are, where there is none. */
export function faultNamed(name: string): Fault {
  const fault = faults.find((candidate) => candidate.name === name)
  if (!fault)
    throw new Error(`no fault is called "${name}"; there are: ${faults.map((f) => f.name).join(' ')}`)
  return fault
}
