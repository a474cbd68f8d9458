# shellcheck shell=sh disable=SC2154 # real and folder come from keys.sh
# The cache's signing key. Its secret half is written by Nix into a folder of root's alone and linked into place: it is
# on no command line, in no output, and never takes another file's place.
new_keys='' stamp=''

# make_cache_key BIN NAME SECRET PUBLIC OWNER
make_cache_key() {
  real_file "$3" || return 1
  if [ -e "$real" ]; then say "$real is there already"; return 1; fi
  secret=$real
  [ -d "$folder" ] || install -d -m 755 -- "$folder" || return 1
  new_keys=$folder/.offload-keys-$$
  mkdir -m 700 -- "$new_keys" || return 1
  made=$new_keys/secret second=$new_keys/public
  "$1/nix-store" --generate-binary-cache-key "$2" "$made" "$second" &&
    chown -- "$5:" "$made" && chmod -- 400 "$made" && flush "$made" &&
    # A link fails where a file has come into being meanwhile; a rename would lose that one.
    ln -- "$made" "$secret" && publish_key "$second" "$4"
  code=$?
  rm -rf -- "$new_keys"
  made='' second='' new_keys=''
  [ "$code" != 0 ] || flush "$folder" || :
  return "$code"
}
# publish_key FROM FILE: the public half, for everybody to read; one that stood there is kept beside it.
publish_key() {
  if [ -e "$2" ]; then
    new_stamp
    cp -a -- "$2" "$2.offload-backup-$stamp" || return 1
    [ -n "$backup" ] || backup=$2.offload-backup-$stamp
  fi
  install -m 644 -- "$1" "$2.offload-new-$$" && mv -f -- "$2.offload-new-$$" "$2"
}

# key_name FILE: what stands before the colon.
key_name() { head -c 200 -- "$1" 2>/dev/null | head -n 1 | cut -d: -f1; }
# is_secret_key FILE: a name and 64 bytes; the secret never leaves the pipe.
is_secret_key() {
  [ "$(head -n 1 -- "$1" 2>/dev/null | cut -s -d: -f2 | base64 -d 2>/dev/null | wc -c)" -eq 64 ]
}
# is_cache_key BIN SECRET NAME OWNER
is_cache_key() {
  [ -f "$2" ] && [ "$(key_name "$2")" = "$3" ] && is_secret_key "$2" || return 1
  looks=$(stat -c '%U:%a' -- "$2") || return 1
  [ "$looks" = "$4:400" ]
}
# drop_cache_key BIN SECRET PUBLIC NAME: one that was made under that name, and the old public half back.
drop_cache_key() {
  [ ! -f "$2" ] || [ "$(key_name "$2")" != "$4" ] || rm -f -- "$2"
  [ -f "$3" ] && [ "$(key_name "$3")" = "$4" ] || return 0
  rm -f -- "$3"
  move_back "$3"
}

# Old files of one step carry one mark of time; $last_backup names the step's.
new_stamp() { [ -n "$stamp" ] || stamp=$(date -u +%Y%m%dT%H%M%SZ)-$$; }
# move_aside FILE: it stays beside its place, named with the time.
move_aside() {
  [ -e "$1" ] || return 0
  new_stamp
  backup=$1.offload-backup-$stamp
  mv -- "$1" "$backup"
}
# move_back FILE: as it was before this step, where nothing took its place.
move_back() {
  old=$1.offload-backup-${last_backup##*.offload-backup-}
  if [ -e "$1" ] || [ ! -f "$old" ]; then return 0; fi
  mv -- "$old" "$1"
}

# can_read USER FILE
can_read() {
  if command -v setpriv >/dev/null 2>&1; then
    setpriv --reuid="$1" --regid="$(id -g -- "$1")" --init-groups -- test -r "$2"
  elif command -v runuser >/dev/null 2>&1; then
    runuser -u "$1" -- test -r "$2"
  else
    return 0
  fi
}
