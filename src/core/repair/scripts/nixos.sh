# shellcheck shell=sh disable=SC2034,SC2154
# NixOS: files of /etc/nixos changed whole or not at all, the system built, switched to under a guard, and taken back.
# Every change is noted in a folder of this run's own, so that a build that fails and a system that nobody can reach
# take the files back as well: the next rebuild of a person's own must not meet what did not work.
profile=/nix/var/nix/profiles/system
work='' built='' building='' armed=''

# nixos_work: this run's folder in /run, for root only; what earlier runs left there and nobody waits for goes.
nixos_work() {
  [ -z "$work" ] || return 0
  set +f
  for old in /run/offload-tray.*; do
    if [ -e "$old/decided" ] || [ ! -e "$old/armed" ]; then older 3600 "$old" && rm -rf -- "$old"; fi
  done
  set -f
  work=$(mktemp -d /run/offload-tray.XXXXXX) && : >"$work/journal" && guard_script >"$work/guard.sh"
}

sum_of() { sha256sum <"$1" 2>/dev/null | cut -d' ' -f1; }
has_sum() { [ -f "$1" ] && [ "$(sum_of "$1")" = "$2" ]; }
parses() {
  if said=$(nix-instantiate --parse "$1" 2>&1 >/dev/null); then return 0; fi
  say "$said"
  say "Nix cannot read what was to be written to $2"
  return 1
}
# note KIND PATH BACKUP SUM: what the guard script takes back, the last first.
note() {
  journalled=$(cat "$work/journal")
  { printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4"; printf '%s\n' "$journalled"; } >"$work/journal.new"
  mv -f -- "$work/journal.new" "$work/journal"
}

# edit_nix FILE SUM TEXT: TEXT in place of a file that still is what was looked at; parsed by Nix before.
edit_nix() {
  nixos_work && real_file "$1" || return 1
  lock "$real" || return 1
  edit_once "$1" "$2" "$3"
  code=$?
  tidy
  return "$code"
}
edit_once() {
  keep_copy || return 1
  if [ "$(sum_of "$backup")" != "$2" ]; then
    why=desktop.changed-meanwhile what=$1
    say "$1 was changed since it was looked at"
    return 1
  fi
  printf %s "$3" | cat >"$made" || return 1
  parses "$made" "$1" || return 1
  sum=$(sum_of "$made") copy=$backup
  put_in_place "$(size_of "$made")"
  code=$?
  if [ "$code" = 75 ]; then why=desktop.changed-meanwhile what=$1; return 1; fi
  [ "$code" = 0 ] || return 1
  note edit "$real" "$copy" "$sum"
}

# place_module FILE TEXT: a new file, its folders too, root's and for all to read; in a Git tree Nix sees it only once added.
place_module() {
  nixos_work || return 1
  make_folder "$(dirname -- "$1")" || return 1
  real=$(readlink -f -- "$(dirname -- "$1")")/$(basename -- "$1")
  folder=$(dirname -- "$real")
  lock "$real" || return 1
  place_once "$1" "$2"
  code=$?
  tidy
  [ "$code" = 0 ] || return 1
  [ -z "$is_new" ] || note file "$real" - "$(sum_of "$real")"
  git_add "$real"
}
place_once() {
  is_new=''
  if printf %s "$2" | cmp -s - "$real" 2>/dev/null; then return 0; fi
  if [ -e "$real" ] || [ -L "$real" ]; then say "$real is there now"; return 1; fi
  made=$real.offload-new-$$
  fresh "$made" && printf %s "$2" | cat >"$made" && parses "$made" "$1" || return 1
  chown root:root "$made" && chmod 644 "$made" && flush "$made" || return 1
  if ! ln -- "$made" "$real" 2>/dev/null; then mv -n -- "$made" "$real" && [ ! -e "$made" ] || return 1; fi
  rm -f -- "$made"
  made='' is_new=yes
  flush "$folder" || :
}
make_folder() {
  [ ! -d "$1" ] || return 0
  make_folder "$(dirname -- "$1")" && mkdir -- "$1" && chmod 755 "$1" && note folder "$1" - -
}

# as_owner_of PATH COMMAND...: Git refuses a tree of somebody else's, and would leave root's files in it.
as_owner_of() {
  owner=$(stat -c %U -- "$1")
  shift
  if [ "$owner" = root ] || [ "$owner" = "$(id -un)" ]; then "$@"; else runuser -u "$owner" -- "$@"; fi
}
git_top() {
  top=$1
  while [ "$top" != / ]; do
    top=$(dirname -- "$top")
    [ ! -e "$top/.git" ] || return 0
  done
  return 1
}
git_add() {
  git_top "$1" || return 0
  if ! command -v git >/dev/null 2>&1; then say "git is not there to add $1, and Nix sees only what was added"; return 1; fi
  as_owner_of "$top/.git" git -C "$top" add --intent-to-add --force -- "$1" && note git "$1" - -
}
# is_placed FILE SUM
is_placed() {
  has_sum "$1" "$2" || return 1
  git_top "$(readlink -f -- "$1")" || return 0
  as_owner_of "$top/.git" git -C "$top" ls-files --error-unmatch -- "$(readlink -f -- "$1")" >/dev/null 2>&1
}

# guard_script: what takes a run back, for the guard and for us: guard.sh files|keep|timer, in the run's folder.
guard_script() {
  printf 'PATH=%s\nexport PATH\n' "$PATH"
  cat <<'GUARD'
cd "$(dirname -- "$0")" || exit 1
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
  if nix-env --profile "$profile" --set "$new" && "$new/bin/switch-to-configuration" boot; then : >confirmed; else go_back; fi
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
restore_files() { [ ! -d "$work" ] || /bin/sh "$work/guard.sh" files; }
# take_back STEP...: the files as they were, and each step that had changed them told so. For a step that failed.
take_back() {
  [ -n "$work" ] || return 1
  [ -s "$work/journal" ] || [ -e "$work/rolled-back" ] || return 1
  restore_files
  because=$why why=''
  for earlier in "$@"; do tell "$earlier" rolled-back; done
  why=$because
}

# show_more FILE: what came since the last look, at most 4 kB a look.
show_more() {
  size=$(size_of "$1" 2>/dev/null) || return 0
  [ "${size:-0}" -gt "$shown" ] || return 0
  [ "$((size - shown))" -le 4096 ] || shown=$((size - 4096))
  tail -c "+$((shown + 1))" -- "$1" | head -c "$((size - shown))"
  shown=$size
}
# last_error FILE: the line that says most, for one sentence.
last_error() {
  # That a thing failed of which others needed it is no reason.
  sed -n '/dependencies of derivation/d; s/^ *error: *\(.\)/\1/p' "$1" | tail -n 1 | grep . || grep . "$1" | tail -n 1
}

# build_system FLAKE: FLAKE "/etc/nixos#host", or "" without flakes. Ends with its group when we end.
build_system() {
  nixos_work || return 1
  shown=0
  : >"$work/log"
  if [ -n "$1" ]; then set -- --flake "$1"; else set --; fi
  (cd "$work" && exec setsid nixos-rebuild build "$@") </dev/null >"$work/log" 2>&1 3<&- &
  building=$!
  while kill -0 "$building" 2>/dev/null; do
    show_more "$work/log"
    sleep 0.3 2>/dev/null || sleep 1
  done
  wait "$building"
  code=$?
  building=''
  show_more "$work/log"
  if [ "$code" != 0 ]; then
    why=desktop.rebuild-failed what=$(last_error "$work/log")
    return 1
  fi
  built=$(readlink -f -- "$work/result")
  if [ -s "$work/journal" ] && is_system "$built"; then
    why=desktop.rebuild-failed what='the changed files are no part of the system that was built'
    say "$what"
    return 1
  fi
}
is_built() { [ -n "$built" ] && [ -x "$built/bin/switch-to-configuration" ]; }

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
# put_back_nix FILE SUM TEXT and unplace FILE SUM: a finished edit taken back, where nobody changed the file since.
put_back_nix() { has_sum "$1" "$2" || return 0; edit_nix "$1" "$2" "$3" && rm -f -- "$copy"; }
unplace() {
  has_sum "$1" "$2" || return 0
  real=$(readlink -f -- "$1")
  if git_top "$real" && command -v git >/dev/null 2>&1; then
    as_owner_of "$top/.git" git -C "$top" rm -q --cached --force -- "$real" || return 1
  fi
  rm -f -- "$real"
}

# at_end CODE: whoever ends us (a code above 1), a build ends with us and the edits go; a switch goes on, and its guard
# stays awake.
at_end() {
  # Without "--": dash takes that for a number that is none.
  [ -z "$building" ] || kill -TERM "-$building" 2>/dev/null
  if [ "$1" -gt 1 ] && [ -n "$work" ] && [ -z "$armed" ]; then restore_files; fi
  if [ -n "$work" ] && [ -z "$armed" ]; then rm -rf -- "$work"; fi
}
# A switch that has begun; whoever asks its guard learns the end.
goes_on() { [ -n "$armed" ]; }
