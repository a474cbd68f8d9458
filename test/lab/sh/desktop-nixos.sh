#!/bin/bash
# Makes a desktop's root look and behave like NixOS where a repair looks: desktop-nixos.sh ROOT. Run by desktop.sh, before the boot. The state
# is the manual page's "what is missing": no module, no key, no nix-serve, and a firewall that lets SSH in and nothing else.
set -eu
root=$1
here=$(dirname "$(readlink -f "$0")")
lib="$root/usr/local/lib/offload-lab/nixos"
stand_in="$here/../../unit/nix/stand-in"

touch "$root/etc/NIXOS"
rm -f "$root/etc/os-release"
cat >"$root/etc/os-release" <<'OS'
ANSI_COLOR="0;38;2;126;186;228"
ID=nixos
ID_LIKE=""
NAME=NixOS
PRETTY_NAME="NixOS 25.05 (Warbler)"
VERSION="25.05 (Warbler)"
VERSION_ID="25.05"
OS

mkdir -p "$lib"
cp -r "$here/../nixos/." "$lib/"
cp "$stand_in/lib.nix" "$stand_in/nixos.nix" "$lib/nixpkgs/"
install -m 755 "$here/../desktop/nix-serve-standin.py" "$root/usr/local/lib/offload-lab/"
install -m 755 "$(command -v git)" "$lib/git" # this machine's own: Debian's base has none
install -m 755 "$lib/offload-lab-nixos" "$root/usr/local/sbin/offload-lab-nixos"

# On NixOS everybody may talk to the daemon; Debian keeps its socket's folder for a group.
sed -i 's/ 770 root nix-users/ 755 root root/' "$root/usr/lib/tmpfiles.d/nix-daemon.conf"
groupdel -R "$root" nix-users
chown root:root "$root/nix/var/nix/daemon-socket"
chmod 755 "$root/nix/var/nix/daemon-socket"

install -m 644 "$lib/nixos-activation.service" "$root/etc/systemd/system/nixos-activation.service"
mkdir -p "$root/etc/systemd/system/sysinit.target.wants"
ln -s ../nixos-activation.service "$root/etc/systemd/system/sysinit.target.wants/nixos-activation.service"

# The first generation, made as every later one.
mount -t proc proc "$root/proc"
chroot "$root" env HOME=/root offload-lab-nixos shape plain
chroot "$root" env HOME=/root "${lib#"$root"}/nixos-rebuild-standin" boot --flake /etc/nixos#desktop
umount "$root/proc"
