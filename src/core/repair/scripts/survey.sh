# shellcheck shell=sh
# survey CLIENT USER: looks at all that decides whether sshd lets USER in with a key, prints one JSON object, and
# changes nothing. CLIENT is the address that the laptop comes from, for sshd's Match blocks.

yes_no() { if "$@"; then printf true; else printf false; fi; }
# field NUMBER LINE: of a line with colons.
field() {
  wanted=$1
  IFS=:
  # shellcheck disable=SC2086 # split on purpose; names are not expanded (set -f)
  set -- $2
  unset IFS
  [ "$#" -ge "$wanted" ] || return 0
  shift "$((wanted - 1))"
  printf %s "$1"
}
lookup() { getent "$1" "$2" 2>/dev/null || awk -F: -v name="$2" '$1 == name' "/etc/$1" 2>/dev/null; }

# entry PATH: what stands there, without following a link.
entry() {
  if found=$(stat -c '%u:%g:%a:%U:%G:%F' -- "$1" 2>&1); then
    case $(field 6 "$found") in
      'directory') kind='folder' ;;
      regular*) kind='file' ;;
      'symbolic link') kind='link' ;;
      *) kind='other' ;;
    esac
  else
    kind=missing
    case $found in *'Permission denied'*) kind=denied ;; esac
    found=0:0::::
  fi
  printf '{"path":'; json "$1"
  printf ',"kind":"%s","uid":%s,"gid":%s,"mode":"%s","owner":' \
    "$kind" "$(field 1 "$found")" "$(field 2 "$found")" "$(field 3 "$found")"
  json "$(field 4 "$found")"; printf ',"group":'; json "$(field 5 "$found")"; printf '}'
}

# trail PATH: every place from the home folder (or /) down to PATH: what StrictModes looks at.
trail() {
  top=/
  case $1 in "$real_home"/*) top=$real_home ;; esac
  at=$1 list=
  while :; do
    list="$(entry "$at")${list:+,$list}"
    case $at in "$top" | /) break ;; esac
    at=$(dirname -- "$at")
  done
  printf '[%s]' "$list"
}

# existing PATH: the nearest place above that is there.
existing() {
  at=$1
  while [ ! -e "$at" ] && [ "$at" != / ]; do at=$(dirname -- "$at"); done
  printf %s "$at"
}

keys_file() {
  real=$1
  if [ -e "$1" ] || [ -L "$1" ]; then real=$(readlink -f -- "$1" || printf %s "$1"); fi
  kind=missing size=0 hex=null writable=false
  if looked=$(stat -L -c %F:%s -- "$1" 2>&1); then
    kind='other'
    case $looked in regular*) kind='file' size=${looked##*:} ;; esac
  else
    case $looked in *'Permission denied'*) kind=denied ;; esac
  fi
  if [ "$kind" = file ] && [ -r "$real" ] && [ "$size" -le 262144 ]; then
    hex="\"$(od -An -v -tx1 <"$real" | tr -d ' \n')\""
  fi
  folder=$(existing "$(dirname -- "$real")")
  if [ -w "$folder" ] && { [ ! -e "$real" ] || [ -w "$real" ]; }; then writable=true; fi
  free=$(df -Pk -- "$folder" 2>/dev/null | awk 'NR == 2 { printf "%.0f", $4 * 1024 }')
  printf '{"path":'; json "$1"
  printf ',"real":'; json "$real"
  printf ',"kind":"%s","bytes":%s,"hex":%s,"writable":%s,"freeBytes":%s,"trail":' \
    "$kind" "$size" "$hex" "$writable" "${free:-null}"
  trail "$real"
  printf '}'
}

# expand PATTERN: sshd's %-signs (sshd_config(5), TOKENS), relative to the home folder.
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
  case $path in /*) printf %s "$path" ;; *) printf %s "$home/$path" ;; esac
}

# setting NAME: of sshd -T's answer; several lines of one name come as one.
setting() { printf '%s\n' "$effective" | awk -v name="$1" '$1 == name { $1 = ""; printf "%s", $0 }' | sed 's/^ *//'; }
is_yes() { case $(setting "$1") in no) return 1 ;; *) return 0 ;; esac; }

survey() {
  client=${1:-127.0.0.1} user=$2
  line=$(lookup passwd "$user" | head -n 1)
  exists=false
  [ -z "$line" ] || exists=true
  uid=$(field 3 "$line") gid=$(field 4 "$line") home=$(field 6 "$line") shell=$(field 7 "$line")
  uid=${uid:-0} gid=${gid:-0}
  real_home=$home
  [ ! -e "$home" ] || real_home=$(readlink -f -- "$home" || printf %s "$home")
  group=$(field 1 "$(lookup group "$gid" | head -n 1)")
  shell_runs=false
  case ${shell:-/bin/sh} in
    */nologin | */false | */true | */sync) ;;
    *) [ ! -x "${shell:-/bin/sh}" ] || shell_runs=true ;;
  esac

  locked=null expired=null
  if [ -r /etc/shadow ] && [ "$exists" = true ]; then
    shadow=$(lookup shadow "$user" | head -n 1)
    case $(field 2 "$shadow") in '!'* | '*LK*'*) locked=true ;; *) locked=false ;; esac
    day=$(field 8 "$shadow")
    expired=false
    [ -z "$day" ] || [ "$day" -gt "$(($(date +%s) / 86400))" ] || expired=true
  fi

  sshd=$(command -v sshd || echo /usr/sbin/sshd)
  asked=false effective=
  if effective=$("$sshd" -T -C "user=$user,host=$client,addr=$client" 2>/dev/null); then asked=true; fi
  [ "$asked" = true ] || effective='authorizedkeysfile .ssh/authorized_keys .ssh/authorized_keys2'
  names=$(setting authorizedkeysfile)

  printf '{"schema":1,"os":{"id":'
  json "$(sed -n 's/^ID=//p' /etc/os-release 2>/dev/null | tr -d '"' | head -n 1)"
  printf ',"like":'
  json "$(sed -n 's/^ID_LIKE=//p' /etc/os-release 2>/dev/null | tr -d '"' | head -n 1)"
  printf ',"nixos":%s}' "$(yes_no test -e /etc/NIXOS)"
  printf ',"sshd":{"asked":%s,"authorizedKeysFile":' "$asked"
  json "$names"
  printf ',"strictModes":%s,"usePam":%s,"pubkey":%s' \
    "$(yes_no is_yes strictmodes)" "$(yes_no is_yes usepam)" "$(yes_no is_yes pubkeyauthentication)"
  for name in allowUsers denyUsers allowGroups denyGroups; do
    printf ',"%s":' "$name"
    json "$(setting "$(printf %s "$name" | tr '[:upper:]' '[:lower:]')")"
  done
  printf '},"user":{"exists":%s,"uid":%s,"gid":%s,"group":' "$exists" "$uid" "$gid"
  json "$group"
  printf ',"groups":'
  json "$(id -Gn "$user" 2>/dev/null)"
  printf ',"groupShared":%s,"home":' "$(yes_no shares_group)"
  json "$home"
  printf ',"shell":'
  json "$shell"
  printf ',"shellRuns":%s,"locked":%s,"expired":%s}' "$shell_runs" "$locked" "$expired"
  printf ',"nixUsersGroup":%s,"selinux":%s' \
    "$(yes_no has_group nix-users)" "$(yes_no test -e /sys/fs/selinux/enforce)"

  known=' ' comma=
  printf ',"files":['
  if [ "$exists" = true ] && [ "$names" != none ]; then
    for name in $names; do
      path=$(expand "$name")
      printf %s "$comma"
      keys_file "$path"
      known="$known$path " comma=,
    done
  fi
  printf '],"others":['
  comma=
  if [ "$exists" = true ]; then
    for path in "$home/.ssh/authorized_keys" "$home/.ssh/authorized_keys2" "/etc/ssh/authorized_keys.d/$user"; do
      case $known in *" $path "*) continue ;; esac
      [ -e "$path" ] || continue
      printf %s "$comma"
      keys_file "$path"
      comma=,
    done
  fi
  printf ']}\n'
}

has_group() { [ -n "$(lookup group "$1")" ]; }

# Whether others than the user are in the user's own group, by its list or as their first group.
shares_group() {
  [ "$exists" = true ] || return 1
  members=$(field 4 "$(lookup group "$gid" | head -n 1)")
  case ",$members," in ,, | ",$user,") ;; *) return 0 ;; esac
  getent passwd 2>/dev/null | awk -F: -v gid="$gid" -v user="$user" '$4 == gid && $1 != user { n++ } END { exit !n }'
}
