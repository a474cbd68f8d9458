# shellcheck shell=sh disable=SC2154 # field is shared by what reads an account
# The builder's account, so that it can be as it was again.

password_of() { getent shadow "$1" | cut -d: -f2; }
# By stdin: a field may hold a hash, and everybody may read a command line.
set_field() { printf '%s:%s\n' "$1" "$2" | chpasswd -e; }
# unlock_user USER: no password fits a field that begins with "*", and it is no lock; what stood there stays behind it.
unlock_user() {
  field=$(password_of "$1")
  case $field in '!'* | '*LK*'*) set_field "$1" "*$field" || return 1 ;; esac
  usermod -e '' "$1"
}
# relock_user USER EXPIRES: EXPIRES a date, or "" for never.
relock_user() {
  field=$(password_of "$1")
  case $field in '*!'* | '**LK*'*) set_field "$1" "${field#?}" || return 1 ;; esac
  usermod -e "$2" "$1"
}
# drop_user USER HOME: with its home, where that was made with it; HOME "" where it was there before.
drop_user() {
  has_user "$1" || return 0
  owner=''
  if [ -n "$2" ] && [ -d "$2" ] && [ ! -L "$2" ]; then owner=$(stat -c %U -- "$2"); fi
  userdel "$1" || return 1
  [ "$owner" != "$1" ] || rm -rf --one-file-system -- "$2"
}
