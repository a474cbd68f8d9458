#!/bin/bash
# Builds the desktop's root file system from Debian alone: base.sh RELEASE TARGET MIRROR. Runs in its own mount and PID
# namespace (see base.ts), so that a kill half-way leaves a folder and nothing else. Progress goes to stdout.
set -euo pipefail
release=$1 target=$2 mirror=$3

say() { printf '%s\n' "$*"; }

mount --make-rprivate /
mount -t proc proc /proc
mkdir -p "$target"

say "1/3 debootstrap $release (about 200 packages, from $mirror)"
packages=systemd,systemd-sysv,dbus,openssh-server,openssh-client,sudo,iproute2,curl,libpam-systemd,ca-certificates,python3-minimal,iptables,opendoas
count=0
debootstrap --variant=minbase --include="$packages" "$release" "$target" "$mirror" | while read -r line; do
  case $line in
    I:\ Validating*|I:\ Unpacking*|I:\ Configuring*) count=$((count + 1)); [ $((count % 40)) -ne 0 ] || say "    ${line#I: } ($count steps)" ;;
    I:\ Base\ system*) say "    $line" ;;
    W:*|E:*) say "    $line" ;;
  esac
done

say '2/3 Nix'
printf '#!/bin/sh\nexit 101\n' > "$target/usr/sbin/policy-rc.d" # no service may start while this is only a folder
chmod 755 "$target/usr/sbin/policy-rc.d"
mount -t proc proc "$target/proc"
mount --rbind /dev "$target/dev"
if [ -f /etc/resolv.conf ]; then cp -L /etc/resolv.conf "$target/etc/resolv.conf"; fi
# A mirror that lags behind is good enough for sid, whose lists expire within days; their signatures count as ever.
late=
if [ "$release" = sid ]; then late='-o Acquire::Check-Valid-Until=false'; fi
# The Perl dependencies fail with debootstrap's --include; python3 in full: minimal lacks http.server's imports.
chroot "$target" env DEBIAN_FRONTEND=noninteractive late="$late" sh -c '
  apt-get $late update -qq &&
  apt-get install -qq -y --no-install-recommends nix-bin nix-setup-systemd python3 procps iputils-ping >/dev/null'

say '3/3 trimming'
chroot "$target" apt-get clean
rm -rf "$target"/var/lib/apt/lists/* "$target"/usr/share/doc/* "$target"/usr/share/man/* "$target"/usr/share/locale/*
rm -f "$target/usr/sbin/policy-rc.d" "$target"/etc/ssh/ssh_host_* "$target/etc/machine-id" "$target/etc/resolv.conf"
# Units that only cost boot time: nothing in a lab that lives for minutes needs them.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer \
  getty.target console-getty.service systemd-firstboot.service systemd-hwdb-update.service \
  systemd-journal-catalog-update.service systemd-update-done.service systemd-pcrmachine.service ldconfig.service \
  systemd-networkd-wait-online.service systemd-udev-trigger.service; do
  ln -sf /dev/null "$target/etc/systemd/system/$unit"
done
umount -R "$target/dev" "$target/proc"
say "done: $(du -sh "$target" | cut -f1)"
