// The way to the desktop: off, silent, unknown by name.
import type { Fault } from './fault.ts'

export const networkFaults: readonly Fault[] = [
  {
    name: 'desktop-off',
    about: 'its network link is down: nobody answers for that address (no route to host after about 3 s)',
    on: 'desktop',
    resource: 'link',
    causes: ['net.unreachable'],
    break: 'ip link set lan0 down',
    // Else the laptop trusts what it knew for some seconds more, and the first connections time out instead.
    afterOnLaptop: 'ip neigh flush to "$address"',
    mend: `ip link set lan0 up
      ip neigh flush dev lan0
      for try in 1 2 3; do ! ping -q -c 1 -W 1 "$laptop" >/dev/null || break; done`,
  },
  {
    name: 'silent',
    about: 'drops every packet of the laptop: connections hang',
    on: 'desktop',
    resource: 'firewall-all',
    causes: ['net.timeout'],
    break: 'drop silent',
    mend: 'undrop silent',
  },
  {
    name: 'ssh-filtered',
    about: 'its firewall drops port 22 only; the cache still answers',
    on: 'desktop',
    resource: 'firewall-ssh',
    causes: ['net.timeout', 'desktop.firewall-blocks'],
    break: 'drop ssh -p tcp --dport 22',
    mend: 'undrop ssh',
  },
  {
    name: 'cache-filtered',
    about: 'its firewall drops port 5000 only; SSH still answers',
    on: 'desktop',
    resource: 'firewall-cache',
    causes: ['cache.timeout', 'desktop.firewall-blocks'],
    break: 'drop cache -p tcp --dport 5000',
    mend: 'undrop cache',
  },
  {
    name: 'name-unresolvable',
    about: "the laptop does not know the desktop's name",
    on: 'laptop',
    perDesktop: true,
    resource: 'hosts',
    causes: ['net.name-not-found'],
    // In place: other programs may hold the file open, and some watch it.
    break: `grep -v " $desktop\\$" /etc/hosts >/run/lab-hosts || :
      cat /run/lab-hosts >/etc/hosts`,
    mend: 'cat /lab/golden/etc/hosts >/etc/hosts',
  },
  {
    name: 'moved',
    about: "the desktop's name leads to an address where nobody is",
    on: 'laptop',
    perDesktop: true,
    resource: 'hosts',
    causes: ['net.moved', 'net.unreachable'],
    break: `sed "s/^[0-9.]* $desktop\\$/10.77.0.99 $desktop/" /etc/hosts >/run/lab-hosts
      cat /run/lab-hosts >/etc/hosts`,
    mend: 'cat /lab/golden/etc/hosts >/etc/hosts',
  },
]
