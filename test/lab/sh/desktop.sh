#!/bin/bash
# Fits out a desktop's root before it boots: desktop.sh LAB_FOLDER N. Runs in the lab's namespaces, writes only below root.
# Profile "ready" is a working builder and cache; "bare" is Debian with Nix and its admin, nothing else;
# "nixos" is that, dressed as NixOS.
set -eu
lab=$1 n=$2
. "$lab/config"
dir="$lab/desktops/$n"
root="$dir/root"
name=$(cat "$dir/name")
here=$(dirname "$(readlink -f "$0")")

echo "$name" >"$root/etc/hostname"
printf '127.0.0.1 localhost\n10.77.0.1 laptop\n10.77.0.%s %s\n' $((n + 1)) "$name" >"$root/etc/hosts"
tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
unshare --uts sh -c 'hostname "$1"; exec ssh-keygen -q -A -f "$2"' sh "$name" "$root" # the comment names the desktop

# The admin: sudo with a password, made anew for every lab.
useradd -R "$root" -m -s /bin/bash -G sudo kernelcore
chpasswd -R "$root" -c SHA512 <"$lab/admin-password"

cat >"$root/etc/nix/nix.conf" <<'CONF'
# The build sandbox is off: inside nested namespaces its fresh /proc shows the kernel's own boot id, the same on both sides.
sandbox = false
build-users-group = nixbld
substituters =
connect-timeout = 2
CONF

if [ "$profile" = ready ]; then
  useradd -R "$root" --system --user-group -d /var/lib/nix-builder -m -s /bin/bash nix-builder
  usermod -R "$root" -p '*' -aG nix-users nix-builder # "*" and not "!": sshd without PAM refuses a locked account's keys
  home="$root/var/lib/nix-builder"
  owner=$(awk -F: '$1 == "nix-builder" { print $3 ":" $4 }' "$root/etc/passwd")
  mkdir -m 700 "$home/.ssh"
  printf 'restrict %s\n' "$(cat "$lab/builder_key.pub")" >"$home/.ssh/authorized_keys"
  chmod 600 "$home/.ssh/authorized_keys"
  chown -R "$owner" "$home/.ssh"
  echo 'trusted-users = root nix-builder' >>"$root/etc/nix/nix.conf"

  useradd -R "$root" --system --user-group -d /var/lib/nix-serve -m -s /usr/sbin/nologin -G nix-users nix-serve
  serve=$(awk -F: '$1 == "nix-serve" { print $3 ":" $4 }' "$root/etc/passwd")
  if [ "$n" = 1 ]; then key=cache.local-1; else key="cache$n.local-1"; fi
  mount -t proc proc "$root/proc" # Nix reads its own /proc/self
  chroot "$root" nix-store --generate-binary-cache-key "$key" /var/cache-priv-key.pem /var/cache-pub-key.pem
  umount "$root/proc"
  chown "$serve" "$root/var/cache-priv-key.pem"
  chmod 600 "$root/var/cache-priv-key.pem"
  install -D -m 755 "$here/../desktop/nix-serve-standin.py" "$root/usr/local/lib/offload-lab/nix-serve-standin.py"
  install -m 644 "$here/../desktop/nix-serve.service" "$root/etc/systemd/system/nix-serve.service"
  mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
  ln -s ../nix-serve.service "$root/etc/systemd/system/multi-user.target.wants/nix-serve.service"
  cp "$root/var/cache-pub-key.pem" "$dir/cache-pub-key"
fi
# Bare: the program for a cache is there, as after an install (the lab's stand-in for nix-serve), but no unit, user or key; and
# the firewall lets SSH in and nothing else, kept over a restart as Debian's iptables-persistent keeps it.
if [ "$profile" = bare ]; then
  install -D -m 755 "$here/../desktop/nix-serve-standin.py" "$root/usr/local/bin/nix-serve"
  mkdir -p "$root/etc/iptables"
  for version in 4 6; do
    echo=icmp
    [ "$version" = 4 ] || echo=icmpv6
    cat >"$root/etc/iptables/rules.v$version" <<RULES
*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p $echo -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
COMMIT
RULES
  done
  install -m 644 "$here/../desktop/lab-firewall.service" "$root/etc/systemd/system/lab-firewall.service"
  mkdir -p "$root/etc/systemd/system/sysinit.target.wants"
  ln -s ../lab-firewall.service "$root/etc/systemd/system/sysinit.target.wants/lab-firewall.service"
fi
if [ "$profile" = nixos ]; then bash "$here/desktop-nixos.sh" "$root"; fi
cp "$root"/etc/ssh/ssh_host_*_key.pub "$dir/"

# LAB_LATE_MS: a cache that takes its time from start to listening, and a boot that lets people in late, as on a slow machine.
if [ -n "${late:-}" ]; then
  install -d "$root/etc/systemd/system.conf.d" "$root/etc/systemd/system/systemd-user-sessions.service.d"
  printf '[Manager]\nDefaultEnvironment=LAB_LATE_MS=%s\n' "$late" >"$root/etc/systemd/system.conf.d/late.conf"
  printf '[Service]\nExecStartPre=/bin/sleep %s\n' "$((late / 1000)).$((late % 1000 + 1000))" |
    sed 's/\.1/./' >"$root/etc/systemd/system/systemd-user-sessions.service.d/late.conf"
fi

# What a fault's mending puts back: the files as they were when the desktop was well.
install -D -m 755 "$here/../desktop/offload-lab-golden" "$root/usr/local/sbin/offload-lab-golden"
chroot "$root" /usr/local/sbin/offload-lab-golden keep
touch "$dir/prepared"
