# shellcheck shell=sh
# Changes on this laptop: whole files, each in place only if it still holds the bytes it was planned from; all or none.
# Stands on base.sh and keys.sh. Texts come as base64, so that no byte of them is anything to a shell.
token='' done_count=0 old=''
# keys.sh's: where links lead, its folder, and the copy that was kept.
real='' folder='' backup='' sum=''

tell() { printf '@%s {"what":%s,"path":%s,"backup":%s}\n' "$token" "$(json "$1")" "$(json "$2")" "$(json "$3")"; }

# is_still FILE SHA256: "absent" stands for no file at all.
is_still() {
  if [ "$2" = absent ]; then [ ! -e "$1" ] && [ ! -L "$1" ]; return; fi
  [ -f "$1" ] && [ "$(sha256sum <"$1" | cut -c 1-64)" = "$2" ]
}

# place_text FILE SHA256-BEFORE BYTES BASE64
place_text() {
  # shellcheck disable=SC2034 # keep_copy sets it, the program reads it
  backup=''
  real_file "$1" || return 1
  if [ ! -d "$folder" ]; then (umask 022 && mkdir -p -- "$folder") || return 1; fi
  lock "$real" || return 1
  place_once "$2" "$3" "$4"
  code=$?
  tidy
  return "$code"
}
place_once() {
  if ! is_still "$real" "$1"; then say "$real was changed meanwhile"; return 1; fi
  if [ "$1" = absent ]; then place_new "$2" "$3"; return; fi
  keep_copy || return 1
  printf %s "$3" | base64 -d | cat >"$made" || return 1
  put_in_place "$2"
  placed=$?
  if [ "$placed" = 75 ]; then say "$real was changed meanwhile"; return 1; fi
  return "$placed"
}
place_new() {
  made=$real.offload-new-$$
  fresh "$made" || return 1
  printf %s "$2" | base64 -d | cat >"$made" || return 1
  if [ "$(size_of "$made")" != "$1" ]; then say "$made was not written whole"; return 1; fi
  chown 0:0 -- "$made" && chmod 0644 -- "$made" && flush "$made" || return 1
  # ln never takes the place of a file that came up meanwhile.
  ln -T -- "$made" "$real" || return 1
  if command -v restorecon >/dev/null 2>&1; then restorecon -F -- "$real" 2>/dev/null || :; fi
  flush "$folder" || :
}

# put_back FILE SHA256-NOW BACKUP: the file from before, unless somebody changed ours since; no backup: there was none.
put_back() {
  real_file "$1" || return 1
  if ! is_still "$real" "$2"; then say "$real was changed since"; return 1; fi
  if [ -z "$3" ]; then rm -f -- "$real"; return; fi
  restore_copy "$1" "$3" && rm -f -- "$3"
}

# renew_of_root NAME KEY: where root's own known_hosts names other keys for NAME ("TYPE BASE64"), KEY in their place. The
# names beside it, wildcards, @-lines and every other line stay; a file that does not know NAME, too (backup is empty then).
renew_of_root() {
  backup='' sum='' root_file=$(getent passwd 0 2>/dev/null | cut -d : -f 6)
  root_file=${root_file:-/root}/.ssh/known_hosts
  [ -f "$root_file" ] || return 0
  real_file "$root_file" || return 1
  lock "$real" || return 1
  again renew_once "$1" "$2"
  code=$?
  tidy
  [ "$code" != 0 ] || [ -z "$backup" ] || sum=$(sha256sum <"$real" | cut -c 1-64)
  return "$code"
}
# Hashed names are only ssh-keygen's to read: it says in which lines NAME is found.
renew_once() {
  found=$(ssh-keygen -F "$1" -f "$real" 2>/dev/null | old_name=$1 new_key=$2 awk '
    /^# Host .* found: line / { number = $NF; plain = (number ~ /^[0-9]+$/); next }
    plain {
      sub(/\r$/, "")
      if ($2 " " $3 == ENVIRON["new_key"]) { print "same"; next }
      count = split(tolower($1), names, ",")
      for (i = 1; i <= count; i++)
        if (names[i] == ENVIRON["old_name"] || substr($1, 1, 1) == "|") { print "cut " number; next }
    }')
  case $found in *cut*) ;; *) return 0 ;; esac
  keep_copy || return 1
  {
    old_name=$1 cuts=$found awk '
      BEGIN { count = split(ENVIRON["cuts"], words); for (i = 1; i < count; i++) if (words[i] == "cut") cut[words[i + 1]] = 1 }
      !(FNR in cut) { print; next }
      {
        match($0, /[^ \t]+/)
        if (substr($0, RSTART, 1) == "|") next
        left = ""
        more = split(substr($0, RSTART, RLENGTH), names, ",")
        for (i = 1; i <= more; i++)
          if (tolower(names[i]) != ENVIRON["old_name"]) left = left (left == "" ? "" : ",") names[i]
        if (left != "") print substr($0, 1, RSTART - 1) left substr($0, RSTART + RLENGTH)
      }' <"$backup"
    case $found in *same*) ;; *) printf '%s %s\n' "$1" "$2" ;; esac
  } | cat >"$made" || return 1
  put_in_place "$(size_of "$made")"
}
put_root_back() { [ -z "$1" ] || put_back "$real" "$sum" "$1"; }

# make_builder_key FILE: never over one that is there; made beside its place and linked there.
make_builder_key() {
  if [ -e "$1" ] || [ -L "$1" ]; then return 0; fi
  place=$(dirname -- "$1")
  (umask 022 && mkdir -p -- "$place") || return 1
  fresh_keys=$(mktemp -d "$place/.offload-builder-key.XXXXXX") || return 1
  ssh-keygen -q -t ed25519 -N '' -C builder -f "$fresh_keys/key" </dev/null >/dev/null &&
    chmod 0644 "$fresh_keys/key.pub" && ln -T -- "$fresh_keys/key" "$1" && mv -T -- "$fresh_keys/key.pub" "$1.pub"
  code=$?
  rm -rf -- "$fresh_keys"
  return "$code"
}

# nix.conf is read at the daemon's start. Builds under way have workers of their own, which stay.
restart_daemon() {
  systemctl restart nix-daemon.service </dev/null >/dev/null 2>&1 ||
    rc-service nix-daemon restart </dev/null >/dev/null 2>&1 ||
    sv restart nix-daemon </dev/null >/dev/null 2>&1
}

# change NUMBER: runs change_NUMBER; a failure takes back what the earlier ones did.
change() {
  if ! "change_$1"; then take_back; tell failed '' ''; exit 1; fi
  eval "backup_$1=\$backup"
  done_count=$(($1 + 1))
}
take_back() {
  while [ "$done_count" -gt 0 ]; do
    done_count=$((done_count - 1))
    eval "old=\$backup_$done_count"
    "back_$done_count" "$old" || :
  done
}
