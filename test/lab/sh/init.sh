#!/bin/bash
# PID 1 of a lab: init.sh LAB_FOLDER. Lays the network, boots the desktops, starts the laptop, then waits for ever.
# Its death is the lab's end: processes by the PID namespace, mounts by the mount namespace, links by the network one.
set -eu
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
lab=$1
here=$(dirname "$(readlink -f "$0")")
. "$here/cgroup.sh"
. "$lab/config" # base desktops scheme profile repo

trap 'echo "the lab could not start (line $LINENO: $BASH_COMMAND)" >&2' ERR
join_cgroup keeper
hostname laptop
mount -t proc proc /proc
mount -t tmpfs -o mode=755 lab-run /run
mkdir -p /run/netns /run/lock

# One bridge is the home network. A bridge and not a plain pair: a desktop that is off does not take our link with it.
ip link set lo up
ip link add lan0 type bridge forward_delay 0
ip addr add 10.77.0.1/24 dev lan0
ip link set lan0 up
for n in $(seq 1 "$desktops"); do
  ip netns add "desktop$n"
  ip link add "port$n" type veth peer name lan0 netns "desktop$n"
  ip link set "port$n" master lan0 up
  ip -n "desktop$n" link set lo up
  ip -n "desktop$n" addr add "10.77.0.$((n + 1))/24" dev lan0
  ip -n "desktop$n" link set lan0 up
done

# Writes $lab/desktops/N/{root,pid}: a fresh overlay over the base, booted by systemd as PID 1 of its own.
boot_desktop() {
  local n=$1 dir="$lab/desktops/$1" root
  root="$dir/root"
  mkdir -p "$dir/upper" "$dir/work" "$root"
  mount -t overlay -o "lowerdir=$base,upperdir=$dir/upper,workdir=$dir/work,volatile" "desktop$n" "$root"
  bash "$here/desktop.sh" "$lab" "$n"
  join_cgroup "desktop$n"
  SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 exec systemd-nspawn --quiet --boot --directory="$root" \
    --register=no --keep-unit --network-namespace-path="/run/netns/desktop$n" --hostname="$(cat "$dir/name")" \
    --capability=CAP_NET_ADMIN --resolv-conf=off --timezone=off --link-journal=no </dev/null >"$dir/console.log" 2>&1
}

ssh-keygen -q -t ed25519 -N '' -C root@laptop -f "$lab/builder_key"
for n in $(seq 1 "$desktops"); do
  mkdir -p -m 700 "$lab/desktops/$n"
  if [ "$n" = 1 ]; then echo desktop; else echo "desktop$n"; fi >"$lab/desktops/$n/name"
  boot_desktop "$n" &
  echo $! >"$lab/desktops/$n/nspawn"
done

# The laptop's files name the desktops' host and cache keys: wait for them, not for the boot.
for n in $(seq 1 "$desktops"); do
  until [ -f "$lab/desktops/$n/prepared" ]; do
    kill -0 "$(cat "$lab/desktops/$n/nspawn")" 2>/dev/null || { echo "desktop $n could not be prepared" >&2; exit 1; }
    sleep 0.02
  done
done
unshare --mount --propagation private bash "$here/laptop.sh" "$lab" &
echo $! >"$lab/laptop.pid"

# answers HOST PORT: does a TCP connection open?
answers() { (: <"/dev/tcp/$1/$2") 2>/dev/null; }
# await_answer N PORT: until the desktop answers there. Each of its ports once: sshd counts connections without a login.
await_answer() {
  local pid
  pid=$(cat "$lab/desktops/$1/nspawn")
  until answers "10.77.0.$(($1 + 1))" "$2"; do
    kill -0 "$pid" 2>/dev/null || { echo "desktop $1 died at boot:" >&2; tail -20 "$lab/desktops/$1/console.log" >&2; exit 1; }
    sleep 0.05
  done
}
# await_boot N: sshd answers before the boot is over, and then still turns people away (pam_nologin).
await_boot() {
  local systemd
  systemd=$(cat "$lab/desktops/$1/pid")
  until case $(nsenter -t "$systemd" -m -n -p -u -i -- systemctl is-system-running --wait 2>/dev/null) in
    running | degraded) ;;
    *) false ;;
  esac; do
    kill -0 "$systemd" 2>/dev/null || { echo "desktop $1 died at boot:" >&2; tail -20 "$lab/desktops/$1/console.log" >&2; exit 1; }
    sleep 0.05
  done
}
for n in $(seq 1 "$desktops"); do
  [ "$profile" != ready ] || await_answer "$n" 5000
  await_answer "$n" 22
  pid=$(cat "$lab/desktops/$n/nspawn")
  # systemd-nspawn's payload: its only child left.
  cut -d' ' -f1 "/proc/$pid/task/$pid/children" >"$lab/desktops/$n/pid"
  await_boot "$n"
done
until [ -S "$lab/laptop/nix/var/nix/daemon-socket/socket" ]; do
  kill -0 "$(cat "$lab/laptop.pid")" 2>/dev/null || { echo 'the laptop died at start' >&2; exit 1; }
  sleep 0.02
done
touch "$lab/started"

# Wait for ever; bash reaps whatever is handed to PID 1 meanwhile.
mkfifo /run/lab-for-ever
exec 9<>/run/lab-for-ever
while :; do read -r _ <&9 || :; done
