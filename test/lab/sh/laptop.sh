#!/bin/bash
# The laptop: laptop.sh LAB_FOLDER, in a mount namespace of its own. The host's programs and checkout are there at their
# usual paths; /etc, /root, /nix, /run, /proc, /sys and the network are the laptop's.
set -eu
lab=$1
. "$lab/config"
me="$lab/laptop"
root=/run/laptop-root
mkdir -p "$root" "$me"/nix "$me"/home "$me"/etc "$me"/etc.work "$me"/root "$me"/root.work
mount -t tmpfs -o mode=755 laptop-root "$root"

for entry in /*; do
  case $entry in
    /proc | /sys | /run | /etc | /root | /nix) mkdir "$root$entry" ;;
    *) if [ -L "$entry" ]; then cp -P "$entry" "$root$entry"
      elif [ -d "$entry" ]; then mkdir "$root$entry" && mount --rbind "$entry" "$root$entry"; fi ;;
  esac
done
mkdir -p "$root/nix" "$root/lab"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys" # a new one: /sys/class/net must show this network
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 laptop-run "$root/run"
mkdir -p "$root/run/lock" "$root/run/old"
mount --bind "$me/nix" "$root/nix"
mount --bind "$me" "$root/lab"
mount -t overlay -o "lowerdir=/etc,upperdir=$me/etc,workdir=$me/etc.work,volatile" laptop-etc "$root/etc"
mount -t overlay -o "lowerdir=/root,upperdir=$me/root,workdir=$me/root.work,volatile" laptop-home "$root/root"
chmod 755 "$root/root" # a checkout below /root must be readable by alice; this is the laptop's own copy of the folder
case $repo in
  /root/* | /etc/*) mkdir -p "$root$repo" && mount --rbind "$repo" "$root$repo" ;; # written through, not into the overlay
esac

# A boot id of its own: both machines share one kernel.
cat /proc/sys/kernel/random/uuid >"$me/boot_id"
chmod 444 "$me/boot_id"
mount --bind "$me/boot_id" "$root/proc/sys/kernel/random/boot_id"

pivot_root "$root" "$root/run/old"
cd /
umount -l /run/old
rmdir /run/old

exec bash "$(dirname "$(readlink -f "$0")")/laptop-files.sh" "$lab"
