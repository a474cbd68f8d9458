# shellcheck shell=sh disable=SC2034,SC2154
# NixOS: a built system switched to under a guard, which takes it back with the files unless a new connection confirms it.
# guard_script: what takes a run back, for the guard and for us: guard.sh files|keep|timer, in the run's folder.
guard_script() {
  printf 'PATH=%s\nexport PATH\n' "$PATH"
  cat <<'GUARD'
cd "$(dirname -- "$0")" || exit 1
drop_note() {
  rm -f -- "/var/lib/offload-tray/${PWD##*.}.journal"
  rmdir -- /var/lib/offload-tray 2>/dev/null
}
put_back() {
  while IFS="$(printf '\t')" read -r kind path copy sum; do
    case $kind in
      edit)
        if [ "$(sha256sum <"$path" | cut -d' ' -f1)" != "$sum" ]; then echo "$path was changed since: left as it is"; continue; fi
        cp -a -- "$copy" "$path.offload-back" && mv -f -- "$path.offload-back" "$path" && rm -f -- "$copy"
        ;;
      git)
        top=$path
        while [ "$top" != / ] && [ ! -e "$top/.git" ]; do top=$(dirname -- "$top"); done
        owner=$(stat -c %U -- "$top/.git")
        if [ "$owner" = root ]; then git -C "$top" rm -q --cached --force -- "$path"; else runuser -u "$owner" -- git -C "$top" rm -q --cached --force -- "$path"; fi
        ;;
      file) [ "$(sha256sum <"$path" | cut -d' ' -f1)" != "$sum" ] || rm -f -- "$path" ;;
      folder) rmdir -- "$path" 2>/dev/null ;;
    esac
  done <journal
  : >journal
  drop_note
}
if [ "$1" = files ]; then put_back; exit 0; fi
profile=/nix/var/nix/profiles/system
go_back() {
  read -r old <old
  echo "going back to $old"
  # What the machine starts with was changed only where a confirmed system could not be kept.
  if [ -e keeping ]; then
    read -r generation <generation
    [ -z "$generation" ] || nix-env --profile "$profile" --switch-generation "$generation"
    "$(readlink -f -- "$profile")/bin/switch-to-configuration" boot
  fi
  "$old/bin/switch-to-configuration" test
  echo "ended with $?"
  put_back
  systemctl stop "offload-guard-${PWD##*.}.timer" 2>/dev/null
  : >rolled-back
}
if [ "$1" = keep ]; then
  # Confirmed: from now on the machine starts with it.
  read -r new <new
  if nix-env --profile "$profile" --set "$new" && "$new/bin/switch-to-configuration" boot; then
    : >confirmed
    drop_note
  else go_back
  fi
  exit 0
fi
# A switch that takes long is no switch that failed: first its end, then time to be confirmed.
tries=0
while [ -e switching ] && [ ! -e ended ] && [ "$tries" -lt 900 ]; do sleep 1; tries=$((tries + 1)); done
rest=30
[ "$tries" -ge 2 ] || rest=0
while [ "$rest" -gt 0 ] && [ ! -e unwanted ]; do sleep 1; rest=$((rest - 1)); done
mkdir decided 2>/dev/null || exit 0
go_back
GUARD
}

# tell_guard WORDS: news that are no state of a step.
tell_guard() { printf '\n@%s {"id":"switch-system",%s}\n' "$token" "$1"; }

# arm_guard SECONDS: from now on the old system comes back by itself. It is systemd's, and needs no connection of ours.
arm_guard() {
  old=$(readlink -f /run/current-system)
  if [ ! -x "$old/bin/switch-to-configuration" ]; then say "$old is no system to go back to"; return 1; fi
  printf '%s\n' "$old" >"$work/old"
  readlink "$profile" | sed -n 's/^system-\([0-9]*\)-link$/\1/p' >"$work/generation"
  guard=offload-guard-${work##*.}
  systemd-run --quiet --collect --unit="$guard" --on-active="$1" --timer-property=AccuracySec=100ms \
    --property=Type=oneshot --property=StandardOutput="append:$work/guard.log" \
    --property=StandardError="append:$work/guard.log" /bin/sh "$work/guard.sh" timer || return 1
  printf 'waiting %s s for a new connection\n' "$1" >>"$work/guard.log"
  : >"$work/armed"
  armed=yes
  tell_guard "\"guard\":\"$work\",\"seconds\":$1"
}
# switch_system FLAKE SECONDS: by a unit of systemd's, so that the switch comes to its end whatever becomes of us. It is
# "test": the machine still starts with the old system, until a new connection confirms the new one (guard.sh keep).
switch_system() {
  [ -n "$built" ] || { say 'nothing was built to switch to'; return 1; }
  arm_guard "$2" || return 1
  printf '%s\n' "$1" >"$work/flake"
  shown=0
  : >"$work/log"
  {
    printf 'PATH=%s\nexport PATH\ncd %s || exit 1\n' "$PATH" "$work"
    cat <<'SWITCH'
read -r flake <flake
if [ -n "$flake" ]; then set -- --flake "$flake"; else set --; fi
nixos-rebuild test "$@" >log 2>&1
echo $? >ended.new
readlink -f /run/current-system >new
mv ended.new ended
SWITCH
  } >"$work/switch.sh"
  : >"$work/switching"
  systemd-run --quiet --collect --unit="offload-switch-${work##*.}" --setenv=HOME=/root /bin/sh "$work/switch.sh" || return 1
  ticks=0
  while [ ! -e "$work/ended" ] && [ ! -e "$work/decided" ]; do
    show_more "$work/log"
    sleep 0.3 2>/dev/null || sleep 1
    ticks=$((ticks + 1))
    [ "$((ticks % 20))" != 0 ] || systemctl -q is-active "offload-switch-${work##*.}" || [ -e "$work/ended" ] || echo died >"$work/ended"
  done
  show_more "$work/log"
  if [ "$(cat "$work/ended" 2>/dev/null)" != 0 ]; then
    why=desktop.switch-failed what=$(last_error "$work/log")
    systemctl start "$guard.service"
    await_decision
    return 1
  fi
  tell_guard '"ask":"confirm"'
  if await_decision; then return 0; fi
  why=desktop.rolled-back what=''
  if [ -e "$work/keeping" ]; then why=desktop.switch-failed what=$(last_error "$work/keep.log"); fi
  return 1
}
# await_decision: 0 once it was confirmed, 1 once the old system is back.
await_decision() {
  until [ -e "$work/confirmed" ] || [ -e "$work/rolled-back" ]; do sleep 0.3 2>/dev/null || sleep 1; done
  systemctl stop "$guard.timer" 2>/dev/null
  cat "$work/guard.log" "$work/keep.log" 2>/dev/null
  [ -e "$work/confirmed" ]
}
is_switched() {
  [ -n "$built" ] || return 1
  [ -e "$work/confirmed" ] || { is_system "$built" && [ "$(readlink -f -- "$profile")" = "$built" ]; }
}

# settle_guard FOLDER [back]: asked over a new connection, which is what confirms; "back" asks to go back at once instead.
# Says what became of it.
settle_guard() {
  case $1 in /run/offload-tray.??????) ;; *) echo 'guard: gone'; return ;; esac
  if [ -e "$1/rolled-back" ]; then echo 'guard: rolled-back'
  elif [ -e "$1/confirmed" ]; then echo 'guard: confirmed'
  elif [ ! -d "$1" ]; then echo 'guard: gone'
  elif [ -e "$1/keeping" ]; then echo 'guard: keeping'
  elif [ "${2-}" = back ]; then
    : >"$1/unwanted"
    systemctl start --no-block "offload-guard-${1##*.}.service"
    echo 'guard: going-back'
  elif [ "$(cat "$1/ended" 2>/dev/null)" != 0 ]; then echo 'guard: switching'
  elif mkdir -- "$1/decided" 2>/dev/null; then
    : >"$1/keeping"
    systemctl stop "offload-guard-${1##*.}.timer" 2>/dev/null
    keep_system "$1"
  else echo 'guard: going-back'
  fi
}
# keep_system FOLDER: by a unit as well, for a boot loader takes its time; waited for a while.
keep_system() {
  systemd-run --quiet --collect --unit="offload-keep-${1##*.}" --setenv=HOME=/root \
    --property=StandardOutput="append:$1/keep.log" --property=StandardError="append:$1/keep.log" \
    /bin/sh "$1/guard.sh" keep || /bin/sh "$1/guard.sh" keep >"$1/keep.log" 2>&1
  tries=0
  while [ "$tries" -lt 100 ] && [ ! -e "$1/confirmed" ] && [ ! -e "$1/rolled-back" ]; do
    tries=$((tries + 1))
    sleep 0.1 2>/dev/null || sleep 1
  done
  if [ -e "$1/confirmed" ]; then echo 'guard: confirmed'
  elif [ -e "$1/rolled-back" ]; then echo 'guard: rolled-back'
  else echo 'guard: keeping'
  fi
}

# go_back SYSTEM: to take a finished switch back, by a unit as well; as the profile's own generation where it is one.
go_back() {
  if [ ! -x "$1/bin/switch-to-configuration" ]; then say "$1 is gone"; return 1; fi
  generation=''
  set +f
  for one in "$profile"-*-link; do
    if [ "$(readlink -f -- "$one")" = "$1" ]; then generation=${one#"$profile"-}; fi
  done
  set -f
  if [ -n "$generation" ]; then nix-env --profile "$profile" --switch-generation "${generation%-link}"
  else nix-env --profile "$profile" --set "$1"; fi || return 1
  systemd-run --quiet --collect --wait --pipe --setenv=PATH="$PATH" "$1/bin/switch-to-configuration" switch
}
is_system() { [ "$(readlink -f /run/current-system)" = "$1" ]; }
