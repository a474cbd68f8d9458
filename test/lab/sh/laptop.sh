#!/bin/bash
# The laptop: laptop.sh LAB_FOLDER, in a mount namespace of its own. Its programs are the host's, at their usual paths, or
# (laptop_base) those of another Debian with another Nix. The checkout, node and /tmp are always the host's; /etc, /root,
# /nix, /run, /proc, /sys and the network never are.
set -eu
lab=$1
. "$lab/config"
me="$lab/laptop"
root=/run/laptop-root
mkdir -p "$root" "$me"/nix "$me"/home

# overlay LOWER NAME: the host's folder with changes of the laptop's own.
overlay() {
  mkdir -p "$me/$2" "$me/$2.work"
  mount -t overlay -o "lowerdir=$1,upperdir=$me/$2,workdir=$me/$2.work,volatile" "laptop-$2" "$3"
}

# show PATH: the host's file or folder at the same place.
show() {
  if [ -d "$1" ]; then mkdir -p "$root$1"; else mkdir -p "$(dirname "$root$1")" && touch "$root$1"; fi
  mount --rbind "$1" "$root$1"
}

if [ -z "$laptop_base" ]; then
  mount -t tmpfs -o mode=755 laptop-root "$root"
  for entry in /*; do
    case $entry in
      /proc | /sys | /run | /etc | /root | /nix) mkdir "$root$entry" ;;
      *) if [ -L "$entry" ]; then cp -P "$entry" "$root$entry"; elif [ -d "$entry" ]; then show "$entry"; fi ;;
    esac
  done
  overlay /etc etc "$root/etc"
  overlay /root root "$root/root"
  case $repo in /root/* | /etc/*) show "$repo" ;; esac # written through, not into the overlay
else
  overlay "$laptop_base" system "$root"
  for path in /dev /tmp "$repo" "$node" "$lab"; do show "$path"; done
  [ "$node" = /usr/bin/node ] || ln -sf "$node" "$root/usr/local/bin/node"
fi
chmod 755 "$root/root" # a checkout below /root must be readable by alice; this is the laptop's own copy of the folder

# A checkout below a folder that is somebody's alone (mktemp -d makes such) must be readable by alice, too: on the laptop an
# empty folder stands in its place, with the checkout in it, and what else of ours was below.
open_way() {
  local folder=$1
  [ "$folder" != / ] || return 0
  open_way "$(dirname "$folder")"
  case $(stat -c %A "$root$folder") in *[xt]) return 0 ;; esac
  mount -t tmpfs -o mode=755 laptop-way "$root$folder"
  for path in "$repo" "$node" "$lab"; do
    case $path in "$folder"/*) show "$path" ;; esac
  done
}
open_way "$(dirname "$repo")"

mkdir -p "$root/nix" "$root/lab" "$root/proc" "$root/sys" "$root/run"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys" # a new one: /sys/class/net must show this network
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 laptop-run "$root/run"
mkdir -p "$root/run/lock" "$root/run/old"
mount --bind "$me/nix" "$root/nix"
mount --bind "$me" "$root/lab"

# A boot id of its own: both machines share one kernel.
cat /proc/sys/kernel/random/uuid >"$me/boot_id"
chmod 444 "$me/boot_id"
mount --bind "$me/boot_id" "$root/proc/sys/kernel/random/boot_id"

pivot_root "$root" "$root/run/old"
cd /
umount -l /run/old
rmdir /run/old

exec bash "$(dirname "$(readlink -f "$0")")/laptop-files.sh" "$lab"
