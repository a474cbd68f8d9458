# shellcheck shell=sh disable=SC2034,SC2154 # some of what is found here is for the other survey-*.sh
# survey CLIENT USER SSHPORT CACHEPORT: looks at all that decides whether sshd lets USER in with a key and Nix builds
# and serves, prints one JSON object, and changes nothing. CLIENT is the address that the laptop comes from.
# It starts as few programs as it can: on a busy desktop each costs milliseconds, and a person waits.
newline='
'
# Where the files of the machine stand: tests lay them elsewhere.
root=''

# fields LINE: a line with colons, into f1 … f8. The last takes what is left.
fields() {
  f1='' f2='' f3='' f4='' f5='' f6='' f7='' f8=''
  IFS=:
  # shellcheck disable=SC2086 # split on purpose; names are not expanded (set -f)
  set -- $1
  unset IFS
  f1=${1-} f2=${2-} f3=${3-} f4=${4-} f5=${5-} f6=${6-} f7=${7-} f8=${8-}
}
# lookup DATABASE NAME: its first line, into found.
lookup() {
  found=$(getent "$1" "$2" 2>/dev/null) || [ $? = 2 ] || found=$(awk -F: -v name="$2" '$1 == name' "/etc/$1" 2>/dev/null)
  found=${found%%"$newline"*}
}
# parent PATH, into above.
parent() {
  above=${1%/*}
  [ -n "$above" ] || above=/
}
# yes_no COMMAND…: true or false, into value.
yes_no() { if "$@"; then value=true; else value=false; fi; }
# real_of PATH: where links lead, into real. A program is asked only where the path has a link or dots in it.
real_of() {
  real=$1
  [ -e "$1" ] || [ -L "$1" ] || return 0
  case $1 in
    *//* | */./* | */../* | */. | */.. | [!/]*) ;;
    *)
      above=$1
      while [ ! -L "$above" ]; do
        [ "$above" != / ] || return 0
        parent "$above"
      done ;;
  esac
  real=$(readlink -f -- "$1") || real=$1
}
# hex_of FILE: its bytes as a JSON string of hex digits, into hex.
hex_of() {
  unset IFS
  # shellcheck disable=SC2046 # two digits a byte
  set -- $(od -An -v -tx1 <"$1")
  IFS=''
  hex=\"$*\"
  unset IFS
}
# room_at PATH: what its file system has free and in all, in bytes, into free and total; null where df does not know.
room_at() {
  [ "$1" != "$room_of" ] || return 0
  room_of=$1 free=null total=null
  room=$(df -Pk -- "$1" 2>/dev/null)
  # shellcheck disable=SC2086 # words of its second line
  set -- ${room#*"$newline"}
  case ${4-} in '' | *[!0-9]*) ;; *) free=$(($4 * 1024)) ;; esac
  case ${2-} in '' | *[!0-9]*) ;; *) total=$(($2 * 1024)) ;; esac
}

# entry PATH LOOKS: one place of a trail. LOOKS as stat prints them, else missing or denied.
entry() {
  kind=$2
  case $2 in
    missing | denied) fields 0:0 ;;
    *)
      fields "$2"
      case $f7 in
        'directory') kind='folder' ;;
        regular*) kind='file' ;;
        'symbolic link') kind='link' ;;
        *) kind='other' ;;
      esac ;;
  esac
  quoted "$1"; trail="$trail${trail:+,}{\"path\":$quoted,\"kind\":\"$kind\",\"uid\":$f1,\"gid\":$f2,\"mode\":\"$f3\""
  quoted "$f4"; trail="$trail,\"owner\":$quoted"
  quoted "$f5"; trail="$trail,\"group\":$quoted}"
}
# look_down PATH TOP: every place from TOP down to PATH, none of the links followed: what StrictModes looks at. Their JSON
# into trail; kind and f6 (its size) are PATH's in the end. One stat for all: below a place that is missing or closed
# all are. Its lines begin with a number that no name on the disk can foresee.
look_down() {
  top=$2 trail=''
  set -- "$1"
  while [ "$1" != "$top" ] && [ "$1" != / ]; do parent "$1"; set -- "$above" "$@"; done
  absent=missing
  looks=$(stat -c "=$$=%u:%g:%a:%U:%G:%s:%F" -- "$@" 2>&1) || case $looks in *'Permission denied'*) absent=denied ;; esac
  IFS=$newline
  for look in $looks; do
    case $look in "=$$="*) entry "$1" "${look#"=$$="}"; shift ;; esac
  done
  unset IFS
  for path; do entry "$path" "$absent"; done
}

keys_file() {
  real_of "$1"
  hex=null writable=false top=$real
  case $real in "$real_home"/*) top=$real_home ;; /*) top=/ ;; esac
  look_down "$real" "$top"
  size=$f6
  # Links that lead nowhere, or to where we may not look.
  if [ "$kind" = link ]; then
    kind=missing
    looks=$(stat -L -- "$1" 2>&1) || case $looks in *'Permission denied'*) kind=denied ;; esac
  fi
  case $kind:$real in
    file:*) [ ! -r "$real" ] || [ "$size" -gt 262144 ] || hex_of "$real" ;;
    missing:* | denied:*) size=0 ;;
    *) kind='other' size=0 ;;
  esac
  case $real in /*) ;; *) trail='' ;; esac
  parent "$real"
  while [ ! -e "$above" ] && [ "$above" != / ]; do parent "$above"; done
  if [ -w "$above" ] && { [ ! -e "$real" ] || [ -w "$real" ]; }; then writable=true; fi
  room_at "$above"
  printf '{"path":'; json "$1"
  printf ',"real":'; json "$real"
  printf ',"kind":"%s","bytes":%s,"hex":%s,"writable":%s,"freeBytes":%s,"trail":[%s]}' \
    "$kind" "$size" "$hex" "$writable" "$free" "$trail"
}

# expand PATTERN, into path: sshd's %-signs (sshd_config(5), TOKENS); relative ones stand in the home folder.
expand() {
  rest=$1 path=
  while :; do
    case $rest in
      *%*) path=$path${rest%%\%*} rest=${rest#*%} ;;
      *) path=$path$rest; break ;;
    esac
    case $rest in
      h*) path=$path$home ;;
      u*) path=$path$user ;;
      U*) path=$path$uid ;;
      *) path=$path${rest%"${rest#?}"} ;;
    esac
    rest=${rest#?}
  done
  case $path in /*) ;; *) path=$home/$path ;; esac
}

# sshd_settings TEXT: of sshd -T's answer, what is asked here; several lines of one name come as one.
sshd_settings() {
  names='' strict=true pam=true pubkey=true allow_users='' deny_users='' allow_groups='' deny_groups=''
  IFS=$newline
  for line in $1; do
    value=${line#* }
    case $line in
      'authorizedkeysfile '*) names=$value ;;
      'strictmodes no') strict=false ;;
      'usepam no') pam=false ;;
      'pubkeyauthentication no') pubkey=false ;;
      'allowusers '*) allow_users="$allow_users${allow_users:+ }$value" ;;
      'denyusers '*) deny_users="$deny_users${deny_users:+ }$value" ;;
      'allowgroups '*) allow_groups="$allow_groups${allow_groups:+ }$value" ;;
      'denygroups '*) deny_groups="$deny_groups${deny_groups:+ }$value" ;;
    esac
  done
  unset IFS
}

os_release() {
  os_id='' os_like='' os_version=''
  [ -r "$root/etc/os-release" ] || return 0
  while IFS='=' read -r name value; do
    value=${value#\"} value=${value%\"}
    case $name in ID) os_id=$value ;; ID_LIKE) os_like=$value ;; VERSION_ID) os_version=$value ;; esac
  done <"$root/etc/os-release"
}

# Whether others than the user are in the user's own group, by its list or as their first group.
shares_group() {
  [ "$exists" = true ] || return 1
  case ",$members," in ,, | ",$user,") ;; *) return 0 ;; esac
  everybody=$(getent passwd 2>/dev/null)
  IFS=$newline
  for line in $everybody; do
    case ${line#*:*:*:} in "$gid":*) [ "${line%%:*}" = "$user" ] || { unset IFS; return 0; } ;; esac
  done
  unset IFS
  return 1
}

# about_user: passwd, group and shadow.
about_user() {
  lookup passwd "$user"
  exists=false
  [ -z "$found" ] || exists=true
  fields "$found"
  uid=${f3:-0} gid=${f4:-0} home=$f6 shell=$f7
  real_of "$home"
  real_home=$real
  lookup group "$gid"
  fields "$found"
  group=$f1 members=$f4
  shell_runs=false
  case ${shell:-/bin/sh} in
    */nologin | */false | */true | */sync) ;;
    *) [ ! -x "${shell:-/bin/sh}" ] || shell_runs=true ;;
  esac
  locked=null expired=null expires='' home_there=true
  [ "$exists" = true ] || [ -e "/var/lib/$user" ] || [ -L "/var/lib/$user" ] || home_there=false
  if [ -r /etc/shadow ] && [ "$exists" = true ]; then
    lookup shadow "$user"
    fields "$found"
    case $f2 in '!'* | '*LK*'*) locked=true ;; *) locked=false ;; esac
    expired=false expires=$f8
    [ -z "$f8" ] || [ "$f8" -gt "$(($(date +%s) / 86400))" ] || expired=true
  fi
}

# survey CLIENT USER SSHPORT CACHEPORT. systemd takes a while to answer: it is asked while sign-in is looked at.
survey() {
  client=${1:-127.0.0.1} client_known=true user=$2
  [ -n "$1" ] || client_known=false
  abilities
  unit_lines | {
    sign_in </dev/null
    units=$(cat)
    printf ',"machine":'
    survey_machine "$3" "$4"
    printf '}\n'
  }
}

# sign_in: the object's begin, and all that decides whether sshd lets the user in.
sign_in() {
  about_user
  os_release
  sshd=$(command -v sshd || echo /usr/sbin/sshd)
  asked=true
  effective=$("$sshd" -T -C "user=$user,host=$client,addr=$client" 2>/dev/null) || asked=false
  [ "$asked" = true ] || effective='authorizedkeysfile .ssh/authorized_keys .ssh/authorized_keys2'
  sshd_settings "$effective"

  printf '{"schema":1,"os":{"id":'; json "$os_id"
  printf ',"like":'; json "$os_like"
  printf ',"version":'; json "$os_version"
  yes_no is_nixos; printf ',"nixos":%s}' "$value"
  printf ',"sshd":{"asked":%s,"authorizedKeysFile":' "$asked"; json "$names"
  printf ',"strictModes":%s,"usePam":%s,"pubkey":%s,"allowUsers":' "$strict" "$pam" "$pubkey"
  json "$allow_users"
  printf ',"denyUsers":'; json "$deny_users"
  printf ',"allowGroups":'; json "$allow_groups"
  printf ',"denyGroups":'; json "$deny_groups"
  printf '},"user":{"exists":%s,"uid":%s,"gid":%s,"group":' "$exists" "$uid" "$gid"; json "$group"
  printf ',"groups":'; json "$(id -Gn "$user" 2>/dev/null)"
  yes_no shares_group; printf ',"groupShared":%s,"home":' "$value"; json "$home"
  printf ',"shell":'; json "$shell"
  printf ',"shellRuns":%s,"locked":%s,"expired":%s,"expires":' "$shell_runs" "$locked" "$expired"; json "$expires"
  printf ',"homeThere":%s}' "$home_there"
  lookup group nix-users
  yes_no test -n "$found"; printf ',"nixUsersGroup":%s' "$value"
  yes_no test -e /sys/fs/selinux/enforce; printf ',"selinux":%s' "$value"

  known=' ' comma='' room_of=''
  printf ',"files":['
  if [ "$exists" = true ] && [ "$names" != none ]; then
    for name in $names; do
      expand "$name"
      known="$known$path "
      printf %s "$comma"
      keys_file "$path"
      comma=,
    done
  fi
  printf '],"others":['
  comma=
  if [ "$exists" = true ]; then
    for name in .ssh/authorized_keys .ssh/authorized_keys2 "/etc/ssh/authorized_keys.d/%u"; do
      expand "$name"
      case $known in *" $path "*) continue ;; esac
      [ -e "$path" ] || continue
      printf %s "$comma"
      keys_file "$path"
      comma=,
    done
  fi
  printf ']'
}
