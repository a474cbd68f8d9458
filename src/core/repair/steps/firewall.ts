// The step that opens the firewall: the ports that are needed and closed, now and for good, in the words of who rules it.

import { problem } from '../../../shared/outcome.ts'
import type { Unmended } from '../../../shared/repair.ts'
import { shellWord } from '../../../shared/shell-word.ts'
import { cleanText } from '../../desktop/clean-text.ts'
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
  /** Where no file keeps it: the rule as a command, for wherever the others are made. */
  readonly keep?: readonly string[]
}

export function openFirewall(
  { ports }: Extract<MachineFinding, { kind: 'ports-closed' }>,
  { facts, params }: Context,
): Made | Unmended {
  const { firewall } = facts.machine
  const at = { host: params.host, port: ports.join(', ') }
  const { by, inWay } = firewall
  if (by === 'ufw' && !isAfterOurs(inWay))
    return problem('desktop.firewall-blocks', at, cleanText(inWay, 300))
  const named = by === 'ufw' && isUfwRule(inWay) ? { rule: cleanText(inWay, 300) } : {}
  const ways = ports.map((port) => wayOf(firewall, String(port)))
  if (ways.some((way) => way === null)) return problem('desktop.firewall-blocks', at)
  const known = ways.filter((way) => way !== null)
  return made({
    id: 'open-firewall',
    cause: 'desktop.firewall-blocks',
    params: { ...at, ...named },
    commands: known.flatMap(({ open }) => open),
    check: known.map(({ isOpen: [name = '', ...words] }) => call(name, words)).join(' && '),
    undo: known.flatMap(({ close }) => close),
    byHand: known.flatMap(({ close, byHand }) => byHand ?? close.map((words) => words.join(' '))),
    keep: known.flatMap(({ keep = [] }) => keep),
    scripts: ['firewall'],
  })
}

/** A rule that somebody gave ufw: ours can stand before it. */
function isUfwRule(rule: string): boolean {
  return /^-A ufw6?-user-input /.test(rule)
}

/** What ufw does with our rule comes to effect: nothing is in the way, but what comes after it, or what it goes before. */
function isAfterOurs(rule: string): boolean {
  return rule === '' || isUfwRule(rule) || /^-A ufw6?-(?:after|reject|skip-to-policy)-/.test(rule)
}

/** null: nobody this app knows, or nobody who says that they rule it. */
function wayOf(
  { by, zone, keptIn, chain, inWay }: Context['facts']['machine']['firewall'],
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
        open: isUfwRule(inWay) ? [['ufw_first', port]] : [['ufw', 'allow', `${port}/tcp`]],
        close: [['ufw', 'delete', 'allow', `${port}/tcp`]],
        isOpen: [isUfwRule(inWay) ? 'ufw_leads' : 'ufw_has', port],
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
        ...(keptIn === ''
          ? { keep: [`nft 'insert rule ${chain} tcp dport ${port} accept comment "offload-tray"'`] }
          : {}),
      }
    }
    case 'iptables':
      return {
        open: [['open_iptables', port, keptIn]],
        close: [['close_iptables', port, keptIn]],
        isOpen: ['iptables_has', port, keptIn],
        byHand: [
          ...['iptables', 'ip6tables'].map((program) => `${program} -D INPUT ${ipRule(port)}`),
          ...cutByHand(`/--dport ${port} .*--comment offload-tray/d`, [keptIn, secondFileOf(keptIn)]),
        ],
        ...(keptIn === ''
          ? { keep: ['iptables', 'ip6tables'].map((program) => `${program} -I INPUT ${ipRule(port)}`) }
          : {}),
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

/** As firewall.sh's. */
function ipRule(port: string): string {
  return `-p tcp -m tcp --dport ${port} -m comment --comment offload-tray -j ACCEPT`
}

/** IPv6's rules file beside IPv4's, as firewall.sh knows it; "" where none is known. */
function secondFileOf(keptIn: string): string {
  if (keptIn.endsWith('/rules.v4')) return keptIn.replace(/4$/, '6')
  return keptIn.endsWith('/iptables') ? keptIn.replace(/iptables$/, 'ip6tables') : ''
}

function cutByHand(lines: string, files: readonly string[]): readonly string[] {
  return files.filter((file) => file !== '').map((file) => `sed -i '${lines}' ${shellWord(file)}`)
}
