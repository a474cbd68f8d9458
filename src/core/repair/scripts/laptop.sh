# shellcheck shell=sh
# Changes on this laptop: whole files, each in place only if it still holds the bytes it was planned from; all or none.
# Stands on base.sh and keys.sh. Texts come as base64, so that no byte of them is anything to a shell.
token='' done_count=0 old=''
# keys.sh's: where links lead, its folder, and the copy that was kept.
real='' folder='' backup=''

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
