# shellcheck shell=sh
# Changes to a keys file. Each is whole or not at all: a copy beside the file is changed, flushed, and renamed over it,
# under a lock, and only if nobody changed the file meanwhile. All other bytes, the owner, mode, ACL and label stay.
held='' made='' second='' backup='' kept_unused=''

tidy() {
  [ -z "$made" ] || rm -f -- "$made"
  [ -z "$second" ] || rm -f -- "$second"
  [ -z "$kept_unused" ] || rm -f -- "$kept_unused"
  [ -z "$held" ] || unlock
  made='' second='' kept_unused=''
}

say() { printf '%s\n' "$*" >&2; }

# older SECONDS PATH
older() {
  changed=$(stat -c %Y -- "$2" 2>/dev/null) || return 1
  [ "$(($(date +%s) - changed))" -gt "$1" ]
}
# A lock is stale when its holder is dead, or after a time that no change of ours ever takes. The note is read again
# after the look at its holder: one that gave the lock back and ended in between is no dead holder of the next one's lock.
is_stale() {
  holder=$(cat "$1/pid" 2>/dev/null)
  if [ -z "$holder" ]; then older 10 "$1"; return; fi
  if [ -d "/proc/$holder" ]; then older 60 "$1"; return; fi
  [ "$(cat "$1/pid" 2>/dev/null)" = "$holder" ]
}
# Only one may clear a stale lock, or two would clear each other's new ones.
clear_stale() {
  if ! mkdir -- "$1.clear" 2>/dev/null; then
    if older 60 "$1.clear"; then rmdir -- "$1.clear"; fi
    return 0
  fi
  if is_stale "$1"; then rm -rf -- "$1"; fi
  rmdir -- "$1.clear"
}
lock() {
  want=$1.offload-lock tries=0 absent=0 late=''
  # An end that comes between a lock and its note would leave the lock behind: it waits that long.
  trap 'late=yes' TERM HUP INT PIPE
  until why=$(mkdir -- "$want" 2>&1); do
    [ -z "$late" ] || exit 143
    # Not made and not there: given back between the two looks, or it cannot be made at all. Seen ten times, it cannot.
    if [ -d "$want" ]; then absent=0; else absent=$((absent + 1)); fi
    if [ "$absent" -ge 10 ]; then say "$why"; return 1; fi
    if is_stale "$want"; then clear_stale "$want"; fi
    tries=$((tries + 1))
    if [ "$tries" -gt 200 ]; then say "another repair holds $want"; return 1; fi
    sleep 0.05 2>/dev/null || sleep 1
  done
  held=$want
  printf '%s\n' "$$" 2>/dev/null >"$want/pid" || :
  trap 'exit 143' TERM HUP INT PIPE
  [ -z "$late" ] || exit 143
}
unlock() {
  rm -f -- "$held/pid"
  rmdir -- "$held"
  held=''
}

# fresh PATH: a new, empty file of ours; noted before it is made, so that an end in between leaves nothing.
fresh() {
  if [ -e "$1" ] || [ -L "$1" ]; then rm -f -- "$1" || return 1; fi
  (set -C && : >"$1")
}
flush() { sync -- "$1" 2>/dev/null || sync; }
size_of() { wc -c <"$1"; }
ends_with_newline() { [ "$(tail -c 1 -- "$1" | od -An -tx1 | tr -d ' ')" = 0a ]; }

# real_file FILE: sets real to where links lead; what NixOS made stays NixOS's.
real_file() {
  real=$1
  if [ -e "$1" ] || [ -L "$1" ]; then real=$(readlink -f -- "$1") || { say "$1 leads nowhere"; return 1; }; fi
  case $real in /nix/store/*) say "$real is made by NixOS"; return 1 ;; esac
  folder=${real%/*}
  folder=${folder:-/}
}

# keep_copy: the file as it is, beside it, named with the time; and a second copy to be changed.
keep_copy() {
  backup=$real.offload-backup-$(date -u +%Y%m%dT%H%M%SZ)-$$
  kept_unused=$backup made=$real.offload-new-$$
  fresh "$backup" && cp -a -- "$real" "$backup" && fresh "$made" && cp -a -- "$backup" "$made"
}
# put_in_place BYTES: the changed copy, if it is whole and the file is still the one that was copied. 75: begin again.
put_in_place() {
  if [ "$(size_of "$made")" != "$1" ]; then say "$made was not written whole"; return 1; fi
  flush "$made" || return 1
  if ! cmp -s -- "$backup" "$real"; then
    rm -f -- "$made" "$backup"
    made='' kept_unused='' backup=''
    return 75
  fi
  mv -f -- "$made" "$real" || return 1
  made='' kept_unused=''
  flush "$folder" || :
}
# again COMMAND...: as long as somebody else's change comes between.
again() {
  turn=0
  while [ "$turn" -lt 20 ]; do
    "$@"
    code=$?
    [ "$code" = 75 ] || return "$code"
    turn=$((turn + 1))
  done
  say "$real is changed all the time by somebody else"
  return 1
}

# has_key FILE TYPE BLOB LINE HOW: "leave" takes the key in any form, "replace" only without foreign options.
has_key() {
  [ -f "$1" ] || return 1
  case $(key_lines "$1" "$2" "$3" "$4") in
    '') return 1 ;;
    *same* | *open*) return 0 ;;
    *) [ "$5" = leave ] ;;
  esac
}

# stays_in HOME: root writes nowhere that a user's own link may have led to since it was looked at.
stays_in() {
  own_home=$(readlink -f -- "$1") && leads_to=$(readlink -f -- "$folder") || return 1
  case $leads_to/ in "$own_home"/*) return 0 ;; esac
  say "$1 leads to $leads_to"
  return 1
}

# push_key FILE OWNER MODE TYPE BLOB LINE HOW [HOME]: with HOME, only what is below it.
push_key() {
  real_file "$1" || return 1
  [ -z "${8-}" ] || stays_in "$8" || return 1
  lock "$real" || return 1
  again push_once "$2" "$3" "$4" "$5" "$6" "$7"
  code=$?
  tidy
  return "$code"
}
push_once() {
  if [ ! -e "$real" ]; then make_file "$1" "$2" "$5"; return; fi
  [ -f "$real" ] || { say "$real is no file"; return 1; }
  found=$(key_lines "$real" "$3" "$4" "$5")
  case $6:$found in
    *same* | *open* | leave:?*) return 0 ;;
    replace:?*) replace_line "${found%% *}" "$5" "$3" "$4" ;;
    *) append_line "$5" ;;
  esac
}
make_file() {
  made=$real.offload-new-$$
  fresh "$made" || return 1
  printf '%s\n' "$3" | cat >"$made" || return 1
  if [ "$(size_of "$made")" != "$((${#3} + 1))" ]; then say "$made was not written whole"; return 1; fi
  chown -- "$1" "$made" && chmod -- "$2" "$made" && flush "$made" || return 1
  # A link fails where a file has come into being meanwhile; a rename would lose that one.
  if ! ln -- "$made" "$real" 2>/dev/null; then
    if [ -e "$real" ]; then rm -f -- "$made"; made=''; return 75; fi
    mv -- "$made" "$real" || return 1
  fi
  rm -f -- "$made"
  made=''
  if command -v restorecon >/dev/null 2>&1; then restorecon -F -- "$real" 2>/dev/null || :; fi
  flush "$folder" || :
}
append_line() {
  keep_copy || return 1
  old=$(size_of "$backup")
  # A missing final newline stays missing, so that taking the line out again gives the old bytes back.
  if [ "$old" = 0 ] || ends_with_newline "$backup"; then printf '%s\n' "$1"; else printf '\n%s' "$1"; fi |
    cat >>"$made" || return 1
  head -c "$old" -- "$made" | cmp -s -- - "$backup" || { say "$made is no true copy"; return 1; }
  put_in_place "$((old + ${#1} + 1))"
}
# replace_line NUMBER LINE TYPE BLOB: in its place, with the ending that it had.
replace_line() {
  keep_copy || return 1
  ending=$(sed -n "$1p" <"$backup" | tail -c 2 | od -An -tx1 | tr -d ' \n')
  {
    head -n "$(($1 - 1))" -- "$backup"
    printf %s "$2"
    case $ending in *0d0a) printf '\r' ;; esac
    if [ "$(wc -l <"$backup")" -ge "$1" ]; then printf '\n'; fi
    tail -n "+$(($1 + 1))" -- "$backup"
  } | cat >"$made" || return 1
  has_key "$made" "$3" "$4" "$2" replace || { say "$made does not hold the key"; return 1; }
  put_in_place "$(size_of "$made")"
}

# lacks_line FILE TYPE BLOB LINE
lacks_line() {
  [ -f "$1" ] || return 0
  case $(key_lines "$1" "$2" "$3" "$4") in *same*) return 1 ;; esac
}
# remove_line FILE TYPE BLOB LINE: every line that is exactly ours, and nothing else.
remove_line() {
  [ -e "$1" ] || return 0
  real_file "$1" || return 1
  lock "$real" || return 1
  again remove_once "$2" "$3" "$4"
  code=$?
  tidy
  return "$code"
}
remove_once() {
  numbers=$(key_lines "$real" "$1" "$2" "$3" | sed -n 's/ same$//p' | sort -rn)
  [ -n "$numbers" ] || return 0
  keep_copy || return 1
  second=$real.offload-cut-$$
  fresh "$second" || return 1
  for number in $numbers; do
    cut_line "$number" >"$second" && cat -- "$second" >"$made" || return 1
  done
  rm -f -- "$second"
  second=''
  put_in_place "$(size_of "$made")"
}
# cut_line NUMBER: the copy without it; a last line without a newline takes the newline before it along.
cut_line() {
  if [ "$(wc -l <"$made")" -ge "$1" ]; then
    head -n "$(($1 - 1))" -- "$made" && tail -n "+$(($1 + 1))" -- "$made"
  elif [ "$1" = 1 ]; then
    :
  else
    before=$(head -n "$(($1 - 1))" -- "$made" | wc -c)
    head -c "$((before - 1))" -- "$made"
  fi
}

same_bytes() { cmp -s -- "$1" "$2"; }
# restore_copy FILE COPY
restore_copy() {
  real_file "$1" || return 1
  case $2 in "$real".offload-backup-*) ;; *) say "$2 is no backup of $real"; return 1 ;; esac
  [ -f "$2" ] || { say "$2 is gone"; return 1; }
  lock "$real" || return 1
  made=$real.offload-new-$$
  fresh "$made" && cp -a -- "$2" "$made" && flush "$made" && mv -f -- "$made" "$real"
  code=$?
  [ "$code" != 0 ] || made=''
  tidy
  return "$code"
}
