// What the survey makes of firewall rules as iptables -S and nft print them: open, closed, or not known.
import { describe, expect, it } from 'vitest'
import { type Desktop, lookAtFirewall, saying, systemctl } from './survey-rig.ts'

const route = 'ip'
const ip = 'echo 192.168.1.9 dev enp3s0 src 192.168.1.6 uid 0'

/** "22 5000" open, by whom; "?": not known. */
function judge(tools: Readonly<Record<string, string>>, more: Desktop = {}): string {
  const firewall = lookAtFirewall({ client: '192.168.1.9', ...more, tools: { [route]: ip, ...tools } })
  const open = firewall.open.map(
    (one) => `${one.port} ${one.open === null ? '?' : one.open ? 'open' : 'closed'}`,
  )
  return [firewall.by, ...open, firewall.chain, firewall.zone].filter((part) => part !== '').join(', ')
}
const iptables = (...rules: readonly string[]) => judge({ iptables: saying(rules.join('\n')) })
const nftTool = (text: string) => ({ nft: saying(text.replaceAll('  ', '\t')) })
const nft = (text: string) => judge(nftTool(text))
const input = (...rules: readonly string[]) =>
  nft(
    `table inet filter {\n  chain input {\n    type filter hook input priority filter; policy drop;\n${rules.map((rule) => `    ${rule}\n`).join('')}  }\n}`,
  )
const both = '22 open, 5000 open'

describe('what keeps the laptop out', () => {
  const inWay = (tools: Readonly<Record<string, string>>) =>
    lookAtFirewall({ client: '192.168.1.9', tools: { [route]: ip, ...tools } }).inWay
  const ufw = (...rules: readonly string[]) =>
    inWay({
      iptables: saying(
        ['-P INPUT DROP', '-N ufw-user-input', '-A INPUT -j ufw-user-input', ...rules].join('\n'),
      ),
    })

  it('is named: the rule on the whole network, wherever ours comes after it', () => {
    const deny = '-A ufw-user-input -s 192.168.0.0/16 -j DROP'
    expect(
      ufw(
        '-A ufw-user-input -s 10.0.0.0/8 -j DROP',
        deny,
        '-A ufw-user-input -p tcp --dport 22:5000 -j ACCEPT',
      ),
    ).toBe(deny)
    expect(
      inWay(
        nftTool(
          'table inet filter {\n  chain input {\n    type filter hook input priority filter; policy accept;\n    ip saddr 192.168.0.0/16 drop\n  }\n}',
        ),
      ),
    ).toBe('inet filter input ip saddr 192.168.0.0/16 drop')
  })

  it('is nothing where a policy does, where a rule is only perhaps for us, and where all is open', () => {
    expect(ufw()).toBe('')
    expect(ufw('-A ufw-user-input -m strange --odd -j DROP')).toBe('')
    expect(ufw('-A ufw-user-input -p tcp -m multiport --dports 22,5000 -j ACCEPT')).toBe('')
  })
})
const sshOnly = '22 open, 5000 closed'

const ipt: readonly (readonly [about: string, rules: readonly string[], judged: string])[] = [
  ['no rules', ['-P INPUT ACCEPT'], `none, ${both}`],
  [
    'an accepting policy with a rule for others',
    ['-P INPUT ACCEPT', '-A INPUT -s 10.9.0.0/16 -j DROP'],
    `iptables, ${both}, INPUT`,
  ],
  [
    'the network of the laptop',
    ['-P INPUT DROP', '-A INPUT -s 192.168.0.0/23 -p tcp -j ACCEPT'],
    `iptables, ${both}, INPUT`,
  ],
  [
    'another network',
    ['-P INPUT DROP', '-A INPUT -s 192.168.2.0/24 -p tcp -j ACCEPT'],
    'iptables, 22 closed, 5000 closed, INPUT',
  ],
  [
    'all but one network',
    ['-P INPUT DROP', '-A INPUT ! -s 192.168.2.0/24 -j ACCEPT'],
    `iptables, ${both}, INPUT`,
  ],
  [
    'a range of ports',
    ['-P INPUT DROP', '-A INPUT -p tcp -m tcp --dport 20:30 -j ACCEPT'],
    `iptables, ${sshOnly}, INPUT`,
  ],
  [
    'udp is not tcp',
    [
      '-P INPUT DROP',
      '-A INPUT -p udp -m udp --dport 5000 -j ACCEPT',
      '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
    ],
    `iptables, ${sshOnly}, INPUT`,
  ],
  [
    'established ones only',
    ['-P INPUT DROP', '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'],
    'iptables, 22 closed, 5000 closed, INPUT',
  ],
  [
    'another interface',
    ['-P INPUT DROP', '-A INPUT -i wg+ -j ACCEPT', '-A INPUT -i enp+ -p tcp -m tcp --dport 22 -j ACCEPT'],
    `iptables, ${sshOnly}, INPUT`,
  ],
  [
    'the first that matches',
    [
      '-P INPUT ACCEPT',
      '-A INPUT -p tcp -m tcp --dport 5000 -j REJECT --reject-with icmp-port-unreachable',
      '-A INPUT -j ACCEPT',
    ],
    `iptables, ${sshOnly}, INPUT`,
  ],
  [
    'a comment that says -j',
    ['-P INPUT DROP', '-A INPUT -p tcp -m comment --comment "a \\"-j DROP\\" b" -j ACCEPT'],
    `iptables, ${both}, INPUT`,
  ],
  [
    'what is not understood before a drop',
    ['-P INPUT ACCEPT', '-A INPUT -p tcp -m tcp --dport 5000 -m recent --update --seconds 60 -j DROP'],
    'iptables, 22 open, 5000 ?, INPUT',
  ],
  [
    'what is not understood, but ends the same',
    ['-P INPUT ACCEPT', '-A INPUT -m set --match-set x src -j ACCEPT'],
    `iptables, ${both}, INPUT`,
  ],
  [
    'chains that call each other for ever',
    ['-P INPUT DROP', '-N a', '-A INPUT -j a', '-A a -j a'],
    'iptables, 22 ?, 5000 ?, INPUT',
  ],
  [
    'a goto that does not come back',
    [
      '-P INPUT DROP',
      '-N a',
      '-A INPUT -g a',
      '-A INPUT -j ACCEPT',
      '-A a -p tcp -m tcp --dport 22 -j ACCEPT',
    ],
    `iptables, ${sshOnly}, INPUT`,
  ],
  [
    'fail2ban, which has nothing against us',
    [
      '-P INPUT ACCEPT',
      '-N f2b-sshd',
      '-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd',
      '-A f2b-sshd -s 203.0.113.9/32 -j REJECT --reject-with icmp-port-unreachable',
      '-A f2b-sshd -j RETURN',
    ],
    `iptables, ${both}, INPUT`,
  ],
  [
    'fail2ban, which has us',
    [
      '-P INPUT ACCEPT',
      '-N f2b-sshd',
      '-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd',
      '-A f2b-sshd -s 192.168.1.9/32 -j REJECT',
      '-A f2b-sshd -j RETURN',
    ],
    'iptables, 22 closed, 5000 open, INPUT',
  ],
]

const nftRules: readonly (readonly [about: string, rules: readonly string[], judged: string])[] = [
  ['named ports', ['tcp dport { 22, 80 } accept'], `nftables, ${sshOnly}, inet filter input`],
  ['a range', ['tcp dport 4000-6000 accept', 'tcp dport 22 accept'], `nftables, ${both}, inet filter input`],
  [
    'a port of a network',
    ['ip saddr 192.168.1.0/24 tcp dport { 22, 5000 } counter packets 12 bytes 720 accept'],
    `nftables, ${both}, inet filter input`,
  ],
  [
    'not this network',
    ['ip saddr != 192.168.1.0/24 accept', 'tcp dport 22 accept'],
    `nftables, ${sshOnly}, inet filter input`,
  ],
  [
    'a state map',
    ['ct state vmap { invalid : drop, established : accept, related : accept, new : accept }'],
    `nftables, ${both}, inet filter input`,
  ],
  [
    'a port map',
    ['tcp dport vmap { 22 : accept, 5000 : drop }', 'accept'],
    `nftables, ${sshOnly}, inet filter input`,
  ],
  [
    'only IPv6',
    ['meta nfproto ipv6 accept', 'tcp dport 22 accept'],
    `nftables, ${sshOnly}, inet filter input`,
  ],
  [
    'what is not understood',
    ['tcp dport 22 accept', 'socket wildcard 1 tcp dport 5000 accept'],
    'nftables, 22 open, 5000 ?, inet filter input',
  ],
  [
    'a set over several lines',
    ['tcp dport { 21, 22,\n           80 } accept'],
    `nftables, ${sshOnly}, inet filter input`,
  ],
]

describe('a firewall, as the survey judges it', () => {
  it.each(ipt)('by iptables: %s', (_, rules, judged) => expect(iptables(...rules)).toBe(judged))
  it.each(nftRules)('by nftables: %s', (_, rules, judged) => expect(input(...rules)).toBe(judged))

  it('by nftables: every base chain has to let it through, and named sets are looked up', () => {
    const second = `table ip mine {
  set ports {
    type inet_service
    elements = { 22, 8080 }
  }
  chain in {
    type filter hook input priority 10; policy accept;
    tcp dport != @ports drop
  }
}`
    const first = `table inet filter {
  chain input {
    type filter hook input priority filter; policy accept;
  }
}`
    expect(nft(`${first}\n${second}`)).toBe(`nftables, ${sshOnly}, ip mine in`)
  })

  it('is not read twice where iptables made it of nft', () => {
    const table = `# Warning: table ip filter is managed by iptables-nft, do not touch!
table ip filter {
  chain INPUT {
    type filter hook input priority filter; policy drop;
    xt match "recent" tcp dport 5000 counter packets 0 bytes 0 accept
  }
}`
    const rules = saying('-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT')
    expect(judge({ ...nftTool(table), iptables: rules })).toBe(`iptables, ${sshOnly}, INPUT`)
  })

  it('of firewalld is read with the zone of the laptop', () => {
    const firewalld = `table inet firewalld {
  chain filter_INPUT {
    type filter hook input priority filter + 10; policy accept;
    ct state { established, related } accept
    ct status dnat accept
    iifname "lo" accept
    ct state invalid drop
    jump filter_INPUT_ZONES
    reject with icmpx admin-prohibited
  }
  chain filter_INPUT_ZONES {
    ip saddr 10.0.0.0/8 goto filter_IN_trusted
    iifname "enp3s0" goto filter_IN_home_lan
    goto filter_IN_public
  }
  chain filter_IN_trusted {
    accept
  }
  chain filter_IN_home_lan {
    jump filter_IN_home_lan_allow
    meta l4proto { icmp, ipv6-icmp } accept
    reject with icmpx admin-prohibited
  }
  chain filter_IN_home_lan_allow {
    tcp dport 22 accept
    udp dport 5000 accept
  }
  chain filter_IN_public {
    drop
  }
}`
    const tools = { ...nftTool(firewalld), systemctl: systemctl({ 'firewalld.service': {} }) }
    const here = { files: { '/run/systemd/system': null } }
    expect(judge(tools, here)).toBe(`firewalld, ${sshOnly}, home_lan`)
    expect(judge(tools, { ...here, client: '10.1.2.3' })).toBe(`firewalld, ${both}, trusted`)
  })

  it('of NixOS with nftables', () => {
    const rules = `table inet nixos-fw {
  chain rpfilter {
    type filter hook prerouting priority mangle + 10; policy drop;
    meta nfproto ipv4 udp sport . udp dport { 67 . 68, 68 . 67 } accept
    fib saddr . mark . iif oif exists accept
  }
  chain input {
    type filter hook input priority filter; policy drop;
    iifname "lo" accept comment "trusted interfaces"
    ct state vmap { invalid : drop, established : accept, related : accept, new : jump input-allow, untracked : jump input-allow }
    tcp flags & (fin | syn | rst | ack) == syn log prefix "refused connection: " level info
  }
  chain input-allow {
    tcp dport { 22 } accept
    icmp type echo-request accept comment "allow ping"
  }
}`
    const files = { '/etc/NIXOS': '' }
    expect(judge(nftTool(rules), { files })).toBe(`nixos, ${sshOnly}`)
    expect(judge(nftTool(rules.replace('{ 22 }', '{ 22, 5000 }')), { files })).toBe(`nixos, ${both}`)
  })

  it('is asked about IPv6 where the laptop comes by it', () => {
    const tools = {
      iptables: saying('-P INPUT DROP'),
      ip6tables: saying(
        '-P INPUT DROP\n-A INPUT -s fd00:1::/32 -p tcp -m tcp --dport 22 -j ACCEPT\n-A INPUT -s fe80::/10 -j ACCEPT',
      ),
    }
    expect(judge(tools, { client: 'fd00:1:0:7::9' })).toBe(`iptables, ${sshOnly}, INPUT`)
    expect(judge(tools, { client: 'fe80::1' })).toBe(`iptables, ${both}, INPUT`)
  })

  it('is not known where the rules cannot be read, and where the laptop’s address is not known', () => {
    const closed = { nft: 'exit 1', iptables: 'echo "Permission denied" >&2; exit 4' }
    expect(judge(closed)).toBe('unknown, 22 ?, 5000 ?')
    expect(
      judge({ iptables: saying('-P INPUT DROP\n-A INPUT -s 10.0.0.0/8 -j ACCEPT') }, { client: '' }),
    ).toBe('iptables, 22 ?, 5000 ?, INPUT')
  })

  it('is nobody’s where the kernel has no rules at all', () => {
    const files = { '/proc/modules': 'tun 1 0 - Live 0x0\n' }
    expect(judge({}, { files })).toBe(`none, ${both}`)
    expect(judge({}, { files: { '/proc/modules': 'nf_tables 1 0 - Live 0x0\n' } })).toBe(
      'unknown, 22 ?, 5000 ?',
    )
  })
})
