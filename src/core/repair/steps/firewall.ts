// The step that opens the firewall: the ports that are needed and closed, now and for good, in the words of who rules it.
import { shellWord } from '../../../shared/command.ts'
import { problem } from '../../../shared/outcome.ts'
import type { Unmended } from '../../../shared/repair.ts'
import type { MachineFinding } from '../diagnose-machine.ts'
import { call } from '../sh.ts'
import type { Context } from './context.ts'
import { type Made, made } from './made.ts'

interface Way {
  readonly open: readonly (readonly string[])[]
  readonly close: readonly (readonly string[])[]
  readonly isOpen: readonly string[]
  /** The same as `close`, where that is a function of ours. */
  readonly byHand?: readonly string[]
}

export function openFirewall(
  { ports }: Extract<MachineFinding, { kind: 'ports-closed' }>,
  { facts, params }: Context,
): Made | Unmended {
  const { firewall } = facts.machine
  const at = { host: params.host, port: ports.join(', ') }
  const ways = ports.map((port) => wayOf(firewall, String(port)))
  if (ways.some((way) => way === null)) return problem('desktop.firewall-blocks', at)
  const known = ways.filter((way) => way !== null)
  return made({
    id: 'open-firewall',
    cause: 'desktop.firewall-blocks',
    params: at,
    commands: known.flatMap(({ open }) => open),
    check: known.map(({ isOpen: [name = '', ...words] }) => call(name, words)).join(' && '),
    undo: known.flatMap(({ close }) => close),
    byHand: known.flatMap(({ close, byHand }) => byHand ?? close.map((words) => words.join(' '))),
    scripts: ['firewall'],
  })
}

/** null: nobody this app knows, or nobody who says that they rule it. */
function wayOf(
  { by, zone, keptIn, chain }: Context['facts']['machine']['firewall'],
  port: string,
): Way | null {
  switch (by) {
    case 'firewalld': {
      const at = /^[\w-]+$/.test(zone) ? [`--zone=${zone}`] : []
      const each = (...more: readonly string[]) => [
        ['firewall-cmd', '--quiet', '--permanent', ...at, ...more],
        ['firewall-cmd', '--quiet', ...at, ...more],
      ]
      const service = `${port}/tcp`
      return {
        open: each(`--add-port=${service}`),
        close: each(`--remove-port=${service}`),
        isOpen: ['firewalld_has', service, ...at],
      }
    }
    case 'ufw':
      return {
        open: [['ufw', 'allow', `${port}/tcp`]],
        close: [['ufw', 'delete', 'allow', `${port}/tcp`]],
        isOpen: ['ufw_has', port],
      }
    case 'nftables': {
      const [family, table, name] = chain.split(' ')
      if (![family, table, name].every((word) => /^[\w-]+$/.test(word ?? ''))) return null
      return {
        open: [['open_nftables', chain, port, keptIn]],
        close: [['close_nftables', chain, port, keptIn]],
        isOpen: ['nftables_has', chain, port, keptIn],
        byHand: [
          `nft delete rule ${chain} handle $(nft -a list chain ${chain} | sed -n 's/.*dport ${port} .*"offload-tray" # handle //p')`,
          ...cutByHand(`/dport ${port} .*"offload-tray"/d`, [keptIn]),
        ],
      }
    }
    case 'iptables':
      return {
        open: [['open_iptables', port, keptIn]],
        close: [['close_iptables', port, keptIn]],
        isOpen: ['iptables_has', port, keptIn],
        byHand: [
          ...['iptables', 'ip6tables'].map(
            (program) =>
              `${program} -D INPUT -p tcp -m tcp --dport ${port} -m comment --comment offload-tray -j ACCEPT`,
          ),
          ...cutByHand(`/--dport ${port} .*--comment offload-tray/d`, [keptIn, secondFileOf(keptIn)]),
        ],
      }
    // NixOS makes its rules anew at each start: the port is opened in its configuration (plan-nixos.ts).
    case 'nixos':
    case 'none':
    case 'unknown':
      return null
    default:
      return by satisfies never
  }
}

/** IPv6's rules file beside IPv4's, as firewall.sh knows it; "" where none is known. */
function secondFileOf(keptIn: string): string {
  if (keptIn.endsWith('/rules.v4')) return keptIn.replace(/4$/, '6')
  return keptIn.endsWith('/iptables') ? keptIn.replace(/iptables$/, 'ip6tables') : ''
}

function cutByHand(lines: string, files: readonly string[]): readonly string[] {
  return files.filter((file) => file !== '').map((file) => `sed -i '${lines}' ${shellWord(file)}`)
}
