# shellcheck shell=sh disable=SC2154 # real and folder come from keys.sh
# Units that run: whether the daemon and the cache really answer, which is more than "active".

# unit_words UNIT: the end of its journal, so that a failure says why.
unit_words() {
  command -v journalctl >/dev/null 2>&1 || return 0
  journalctl -u "$1" -n 12 -o cat -q --no-pager 2>/dev/null | cut -c1-400
}

# daemon_answers BIN: asked as a client of it would; "ping" is its name in every Nix since 2.4. Once more where it does not: a
# daemon whose database another opens at this very moment hangs up.
daemon_answers() {
  [ -x "$1/nix" ] || { systemctl is-active --quiet nix-daemon.socket nix-daemon.service; return; }
  ping_daemon "$1" || { sleep 0.3 2>/dev/null || sleep 1; ping_daemon "$1"; }
}
ping_daemon() { "$1/nix" --extra-experimental-features nix-command store ping --store daemon >/dev/null 2>&1; }

# http_status PORT PATH: of this machine's own server; 0 where nobody answers. Whichever client is there asks.
http_status() {
  if command -v curl >/dev/null 2>&1; then
    got=$(curl -s -o /dev/null -m 3 -w '%{http_code}' "http://127.0.0.1:$1$2" 2>/dev/null)
  elif command -v wget >/dev/null 2>&1; then
    got=$(wget -q -S -T 3 -t 1 -O /dev/null "http://127.0.0.1:$1$2" 2>&1 | awk '$1 ~ /^HTTP\// { status = $2 } END { print status }')
  elif command -v bash >/dev/null 2>&1; then
    got=$(bash -c 'exec 9<>"/dev/tcp/127.0.0.1/$1" && printf "GET %s HTTP/1.0\r\n\r\n" "$2" >&9 && read -r -t 3 _ status _ <&9 && echo "$status"' bash "$1" "$2" 2>/dev/null)
  else
    got=''
  fi
  case $got in '' | *[!0-9]*) got=0 ;; esac
  printf '%s\n' "$((got))"
}
cache_answers() { [ "$(http_status "$1" /nix-cache-info)" = 200 ]; }
# cache_runs UNIT PORT: now, and after the next start of the system.
cache_runs() {
  case $(systemctl is-enabled "$1" 2>/dev/null) in disabled | masked*) return 1 ;; esac
  cache_answers "$2"
}
# await_cache PORT UNIT: a server needs a moment; one that fails does so at once, and says why in its journal.
await_cache() {
  tries=0
  until cache_answers "$1"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ] || systemctl is-failed --quiet "$2"; then
      unit_words "$2"
      say "$2 does not answer on port $1"
      return 1
    fi
    sleep 0.2 2>/dev/null || sleep 1
  done
}

# start_unit UNIT: anew, whatever its failures of before; one that does not start says why in its journal.
start_unit() {
  systemctl reset-failed "$1" 2>/dev/null || :
  if systemctl restart "$1"; then return 0; fi
  unit_words "$1"
  say "$1 does not start"
  return 1
}

# write_new FILE TEXT MODE: of root's; a file that is there already is left alone, and no success.
write_new() {
  real_file "$1" || return 1
  if [ ! -d "$folder" ]; then mkdir -p -- "$folder" && chmod 755 -- "$folder" || return 1; fi
  if [ -e "$real" ]; then say "$real is there already"; return 1; fi
  make_file root:root "$3" "$2"
}
# remove_ours FILE TEXT: only as long as it is what we wrote.
remove_ours() {
  [ -e "$1" ] || return 0
  if ! printf '%s\n' "$2" | cmp -s -- - "$1"; then say "$1 was changed since: it stays"; return 0; fi
  rm -f -- "$1"
  rmdir -- "$(dirname -- "$1")" 2>/dev/null || :
}
is_ours() { printf '%s\n' "$2" | cmp -s -- - "$1"; }

# unit_is_sound FILE: systemd's own look at it, where it can look at that file alone (since 250).
unit_is_sound() {
  command -v systemd-analyze >/dev/null 2>&1 || return 0
  version=$(systemctl --version | awk 'NR == 1 { print $2 + 0 }')
  [ "${version:-0}" -ge 250 ] || return 0
  systemd-analyze verify --recursive-errors=no "$1"
}

# add_service_user NAME GROUP: a system user of the service's own, in GROUP where that is not empty.
add_service_user() {
  if ! id -u -- "$1" >/dev/null 2>&1; then
    nologin=$(command -v nologin || echo /bin/false)
    useradd --system --user-group --home-dir "/var/lib/$1" --no-create-home --shell "$nologin" \
      --comment 'Binary cache (Offload Tray)' "$1" || return 1
  fi
  [ -z "$2" ] || usermod -aG "$2" "$1"
}
# drop_service_user NAME: one that add_service_user made.
drop_service_user() {
  case $(getent passwd "$1") in *':Binary cache (Offload Tray):'*) userdel -- "$1" ;; esac
}

# link_once TARGET LINK: never over anything that is there.
link_once() {
  if [ "$(readlink -- "$2" 2>/dev/null)" = "$1" ]; then return 0; fi
  [ -x "$1" ] || { say "$1 is no program"; return 1; }
  mkdir -p -- "$(dirname -- "$2")" && ln -s -- "$1" "$2"
}
unlink_ours() { [ "$(readlink -- "$2" 2>/dev/null)" != "$1" ] || rm -f -- "$2"; }

# stop_ours UNIT: out of the system's start as well; one that is not there is stopped already.
stop_ours() { systemctl disable --now "$1" 2>/dev/null || :; }
