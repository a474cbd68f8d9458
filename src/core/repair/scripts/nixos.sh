# shellcheck shell=sh disable=SC2034,SC2154
# NixOS: files of /etc/nixos changed whole or not at all, the system built, switched to under a guard, and taken back.
# Every change is noted in a folder of this run's own, so that a build that fails and a system that nobody can reach
# take the files back as well: the next rebuild of a person's own must not meet what did not work.
profile=/nix/var/nix/profiles/system
work='' built='' building='' armed=''
# A restart empties /run: by a copy of its journal kept here, what a power cut left of a run's edits is known.
notes=/var/lib/offload-tray

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
  # Not a reason to stop: only a power cut before the confirmation would then go unnoticed.
  keep_note || say "no note of this edit could be kept in $notes"
}
keep_note() {
  [ -d "$notes" ] || mkdir -- "$notes" || return 1
  kept_note=$notes/${work##*.}.journal
  cp -- "$work/journal" "$kept_note.new" && flush "$kept_note.new" && mv -f -- "$kept_note.new" "$kept_note"
}
# drop_note FILE
drop_note() {
  rm -f -- "$1" "$1.new"
  rmdir -- "$notes" 2>/dev/null || :
}

# adopt_edits NOTE: what a run that was cut off had edited becomes this run's: built with it, or taken back with it.
adopt_edits() {
  nixos_work && cat -- "$work/journal" "$1" >"$work/journal.new" && mv -f -- "$work/journal.new" "$work/journal" || return 1
  keep_note && drop_note "$1"
}
# put_back_edits NOTE: the files as that run had found them.
put_back_edits() {
  nixos_work && cp -- "$1" "$work/journal" || return 1
  restore_files
  while IFS="$(printf '\t')" read -r kind path copy _; do
    if [ "$kind" = edit ] && [ -e "$copy" ]; then
      why=desktop.changed-meanwhile what=$path
      return 1
    fi
  done <"$1"
  drop_note "$1"
}
note_gone() { [ ! -e "$1" ]; }

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
  if [ -n "$work" ] && [ -z "$armed" ]; then
    rm -rf -- "$work"
    drop_note "$notes/${work##*.}.journal"
  fi
}
# A switch that has begun; whoever asks its guard learns the end.
goes_on() { [ -n "$armed" ]; }
