# Sourced inside the laptop: its nix-daemon, which no init manages. Log: /lab/nix-daemon.log (what `journalctl -u
# nix-daemon` would show; ssh's own words for a failed ssh-ng connection stand only there).

start_daemon() {
  local socket=/nix/var/nix/daemon-socket/socket tries=0 pid
  pid=$(cat /run/nix-daemon.pid 2>/dev/null) || pid=none
  ! kill -0 "$pid" 2>/dev/null || return 0
  rm -f $socket
  # /tmp is the host's: what a daemon killed in the middle of a build leaves must go with the lab.
  mkdir -p -m 1777 /lab/daemon-tmp
  env -i PATH="$PATH" HOME=/root USER=root LANG=C.UTF-8 TMPDIR=/lab/daemon-tmp setsid nix-daemon --daemon </dev/null >>/lab/nix-daemon.log 2>&1 &
  echo $! >/run/nix-daemon.pid
  until listens $socket || [ $tries -ge 1500 ]; do sleep 0.02; tries=$((tries + 1)); done
  listens $socket
}
# A socket is there a moment before it listens.
listens() { [ -S "$1" ] && grep -q " 00010000 .* $1\$" /proc/net/unix; }

# Its workers too: each connection has one of its own, in the daemon's session or in one of its own.
stop_daemon() {
  local pid tries=0
  pid=$(cat /run/nix-daemon.pid 2>/dev/null) || return 0
  pkill -KILL -P "$pid" || :
  kill -KILL "$pid" 2>/dev/null || :
  while kill -0 "$pid" 2>/dev/null && [ $tries -lt 250 ]; do sleep 0.02; tries=$((tries + 1)); done
  rm -f /run/nix-daemon.pid
}
