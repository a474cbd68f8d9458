# shellcheck shell=sh disable=SC2154 # units, listening and the like come from survey-machine.sh
# The binary cache of this desktop: which unit serves it, with which key, and what it answers. The secret key's bytes go
# through a pipe into Nix and nowhere else.

# unit_key: of a unit's own files and settings, the secret key it names, into key_path, key_named, by_credential.
unit_key() {
  unit_is "$cache_unit" FragmentPath; unit_files=$value
  unit_is "$cache_unit" DropInPaths; unit_files="$unit_files $value"
  unit_is "$cache_unit" Environment; settings=$value
  unit_is "$cache_unit" UnsetEnvironment; unset_names=" $value "
  unit_is "$cache_unit" EnvironmentFiles; env_files=$value
  # systemctl shows no LoadCredential before systemd 258: read where it is written. An empty one takes back what was.
  set --
  # Paths of units hold no blanks.
  for file in $unit_files; do [ ! -f "$file" ] || [ ! -r "$file" ] || set -- "$@" "$file"; done
  loaded=''
  [ $# = 0 ] || loaded=$(awk '
    sub(/^[ \t]*LoadCredential(Encrypted)?=/, "") { if ($0 ~ /:/) path = $0; else path = "" }
    END { sub(/^[^:]*:/, "", path); print path }' "$@")
  case $loaded in /*) key_path=$loaded key_named=true by_credential=true; return ;; esac
  for env_file in $env_files; do
    case $env_file in
      /*) settings="$settings $(grep -E '^(NIX_SECRET_KEY_FILE|SIGN_KEY_PATHS?|CONFIG_FILE)=' -- "$env_file" 2>/dev/null)" ;;
    esac
  done
  for name in NIX_SECRET_KEY_FILE SIGN_KEY_PATHS SIGN_KEY_PATH CONFIG_FILE; do
    case $unset_names in *" $name "*) continue ;; esac
    case $settings in *"$name="*) ;; *) continue ;; esac
    named=${settings##*"$name="}
    named=${named#\"}
    named=${named%%[\" ]*}
    named=${named%%"$newline"*}
    if [ "$name" = CONFIG_FILE ]; then
      named=$(awk '/^[ \t]*sign_key_paths?[ \t]*=/ && match($0, /"[^"]*"/) { print substr($0, RSTART + 1, RLENGTH - 2); exit }' "$named" 2>/dev/null)
    fi
    case $named in /*) key_path=$named key_named=true; return ;; esac
  done
}

# holder_of PORT: the unit, else the program, that listens there, into holder. Root's to know.
holder_of() {
  holder=''
  [ "$am_root" = true ] && command -v ss >/dev/null 2>&1 || return 0
  held=$(ss -Hltnp "sport = :$1" 2>/dev/null </dev/null)
  case $held in *pid=*) ;; *) return 0 ;; esac
  holder=${held#*'(("'}
  holder=${holder%%'"'*}
  held=${held#*pid=}
  held=$(cat "/proc/${held%%,*}/cgroup" 2>/dev/null)
  held=${held##*/}
  case $held in ?*.service | ?*.socket) holder=$held ;; esac
}

# cache_port_listens: whether anybody does, by what listeners told.
cache_port_listens() { case "$newline$listening$newline" in *"$newline$cache_port "*) ;; *) return 1 ;; esac; }
# await_new_cache: systemd calls a program active as soon as it runs; it listens a moment later. One that systemd started less
# than 5 s ago is given the rest of these. (systemd counts no time spent asleep: then it looks older, and nobody waits.)
await_new_cache() {
  unit_is "$cache_unit" ActiveEnterTimestampMonotonic
  case $value in '' | *[!0-9]*) return 0 ;; esac
  IFS=' ' read -r uptime _ 2>/dev/null <"$root/proc/uptime" || return 0
  looks=$(((5 - (${uptime%%.*} - value / 1000000)) * 5))
  [ "$looks" -le 25 ] || looks=25
  while [ "$looks" -gt 0 ] && ! cache_port_listens; do
    sleep 0.2 2>/dev/null || { sleep 1; looks=$((looks - 4)); }
    looks=$((looks - 1))
    listening=$(listeners)
  done
}

find_cache() {
  cache_unit='' cache_user='' key_path=$root/var/cache-priv-key.pem key_named=false by_credential=false held_by=''
  for name in nix-serve.service harmonia.service harmonia-cache.service; do
    unit_is "$name" LoadState
    case $value in '' | not-found) continue ;; esac
    unit_is "$name" ActiveState
    [ -n "$cache_unit" ] && [ "$value" != active ] || cache_unit=$name
    [ "$value" != active ] || break
  done
  cache_active=false
  unit_is "$cache_unit" ActiveState
  [ "$value" != active ] || { cache_active=true; await_new_cache; }
  cache_listens=false cache_at=127.0.0.1
  if cache_port_listens; then
    cache_listens=true
    case "$newline$listening$newline" in
      *"$newline$cache_port 0.0.0.0$newline"* | *"$newline$cache_port 127.0.0.1$newline"* | *"$newline$cache_port ::$newline"*) ;;
      *) cache_at=${listening##*"$cache_port "} cache_at=${cache_at%%"$newline"*}
        case $cache_at in *:*) cache_at="[$cache_at]" ;; esac ;;
    esac
  fi
  if [ "$cache_active" = false ] && [ "$cache_listens" = true ]; then
    holder_of "$cache_port"
    case $cache_unit:$holder in
      # A cache under a unit of the person's own.
      :*serve*.service | :*harmonia*.service | :*cache*.service | :*attic*.service | :*ncps*.service)
        cache_unit=$holder cache_active=true
        more=$(bounded 3 systemctl show --no-pager -p Id,LoadState,ActiveState,UnitFileState,User,DynamicUser,Environment \
          -p UnsetEnvironment,EnvironmentFiles,FragmentPath,DropInPaths,ExecStart,MainPID -- "$holder" 2>/dev/null </dev/null)
        units="$units$newline$(flat_units "$more")" ;;
      *) held_by=$holder ;;
    esac
  fi
  if [ -n "$cache_unit" ]; then
    unit_is "$cache_unit" User; cache_user=$value
    unit_is "$cache_unit" DynamicUser
    [ "$value" != yes ] || cache_user=''
    dynamic=$value
    unit_key
    [ -n "$cache_user" ] || [ "$dynamic" = yes ] || cache_user=root
  fi
}

# http_ask URL…: the body of each, then "@status STATUS": 000 where nobody answered. Fails where it cannot be asked.
http_ask() {
  if command -v curl >/dev/null 2>&1; then
    curl -sS -q --noproxy '*' --max-filesize 100000 -m 2 -w '\n@status %{http_code}\n' "$@" 2>/dev/null </dev/null
  elif command -v bash >/dev/null 2>&1; then
    for url; do
      rest=${url#http://*/} host=${url#http://} host=${host%%/*}
      # shellcheck disable=SC2016 # the inner shell's words
      bounded 2 bash -c 'exec 3<>"/dev/tcp/$1/$2" || exit; printf "GET /%s HTTP/1.0\r\nHost: localhost\r\n\r\n" "$3" >&3
        IFS=" " read -r _ status _ <&3; head -c 20000 <&3; printf "\n@status %s\n" "${status:-000}"' \
        bash "${host%:*}" "${host##*:}" "$rest" 2>/dev/null </dev/null || printf '@status 000\n'
    done
  else
    return 1
  fi
}
# status_of TEXT: of one answer, as a number, into value: its last line, for the others are the other side's words.
status_of() {
  value=${1##*"$newline@status "}
  case $value in [1-9][0-9][0-9]) ;; *) value=0 ;; esac
}

# some_paths: the hash parts of a few paths that the store most likely holds.
some_paths() {
  for link in /run/current-system /nix/var/nix/profiles/default; do
    [ ! -e "$root$link" ] || readlink -f -- "$root$link"
  done
  find "$root/nix/store" -mindepth 1 -maxdepth 1 -name '????????????????????????????????-*' ! -name '*.drv' \
    ! -name '*.lock' ! -name '*.chroot' ! -name '*.check' 2>/dev/null | head -n 3
}
cache_says() {
  if [ "$cache_listens" = false ] && [ -r "$root/proc/net/tcp" ]; then
    tell info 0
    tell narinfo 0
    return
  fi
  at=http://$cache_at:$cache_port
  got=$(http_ask "$at/nix-cache-info") || [ -n "$got" ] || return 0
  status_of "$got"
  info=$value
  tell info "$info"
  # Without the carriage return that may end it; blanks stand around it, and never in it.
  after StoreDir: "$got"
  value=${value%[![:print:]]}
  value=${value#"${value%%[! ]*}"}
  store=${value%%[ 	]*}
  [ "${#store}" -le 200 ] || store=''
  quoted "$store"
  [ "$info" != 200 ] || tell store "$quoted"
  case $info:$store in
    200:?*) ;;
    *) tell narinfo null; return ;;
  esac
  best=null
  for path in $(some_paths); do
    hash=${path##*/}
    hash=${hash%%-*}
    case $hash in *[!0-9a-z]* | '') continue ;; esac
    status_of "$(http_ask "$at/$hash.narinfo")"
    # A folder of the store that Nix never finished is rightly not found: the next one tells more.
    case $value in 404) ;; *) best=$value; break ;; esac
  done
  tell narinfo "$best"
}

# cache_key_says: the secret key's public half, and whether who serves may read it.
cache_key_says() {
  if [ "$am_root" = false ] && [ ! -r "$key_path" ]; then return; fi
  [ -e "$key_path" ] || return 0
  if [ "$by_credential" = true ]; then tell readable true
  elif [ -n "$becomes" ] && [ -n "$cache_user" ]; then
    lookup passwd "$cache_user"
    fields "$found"
    if [ -z "$found" ]; then :
    elif as_user "$cache_user" "$f3" "$f4" 3 test -r "$key_path" 2>/dev/null; then tell readable true
    elif [ $? = 1 ]; then tell readable false
    fi
  fi
  [ -n "$nix_tool" ] && [ -f "$key_path" ] && [ -r "$key_path" ] || return 0
  if [ "$(wc -c <"$key_path")" -gt 4096 ]; then tell public '""'; return; fi
  public=$(NIX_USER_CONF_FILES=/dev/null bounded 3 "$nix_tool" --extra-experimental-features nix-command \
    key convert-secret-to-public 2>&1 <"$key_path")
  case $?:$public in
    0:*)
      public=${public##*"$newline"}
      case ${public#*:} in ???????????????????????????????????????????=) ;; *) public='' ;; esac
      quoted "$public"
      tell public "$quoted" ;;
    1:*recognised*) ;; # a Nix before 2.4 has no such command
    1:*) tell public '""' ;; # its words are dropped: they may quote the file
  esac
}

# published_key: the file that holds the public half for everybody, into public_file and published.
published_key() {
  public_file='' published=''
  folder=${key_path%/*} name=${key_path##*/}
  case $name in
    *private*) name=${name%%private*}public${name#*private} ;;
    *priv*) name=${name%%priv*}pub${name#*priv} ;;
    *secret*) name=${name%%secret*}public${name#*secret} ;;
  esac
  for file in "$folder/$name" "$key_path.pub" "${key_path%.*}.pub" "$root/var/cache-pub-key.pem"; do
    if [ "$file" != "$key_path" ] && [ -f "$file" ]; then
      public_file=$file
      published=$(head -c 300 -- "$file" 2>/dev/null)
      published=${published%%"$newline"*}
      # Only what is a public key by its length: a secret one under a public name stays unsaid.
      case ${published#*:} in ???????????????????????????????????????????=) ;; *) published='' ;; esac
      return
    fi
  done
}

cache_programs() {
  p_comma='' p_known=' '
  printf '['
  for name in nix-serve nix-serve-ng harmonia-cache harmonia; do
    for place in "$root/run/current-system/sw/bin" "$root/nix/var/nix/profiles/default/bin" "$nix_bin" \
      "$root/usr/local/bin" "$root/usr/bin" "$root/root/.nix-profile/bin"; do
      if [ -z "$place" ] || [ ! -x "$place/$name" ]; then continue; fi
      case $p_known in *" $name "*) continue ;; esac
      p_known="$p_known$name "
      printf %s "$p_comma"; json "$place/$name"
      p_comma=,
    done
  done
  printf ']'
}

cache_json() {
  k_kind=missing k_owner='' k_group='' k_mode=''
  if looks=$(stat -L -c '%U:%G:%a:%F' -- "$key_path" 2>&1); then
    fields "$looks"
    k_owner=$f1 k_group=$f2 k_mode=$f3 k_kind='other'
    case $f4 in regular*) k_kind='file' ;; esac
  else
    case $looks in *'Permission denied'*) k_kind=denied ;; esac
  fi
  published_key
  printf '{"port":%s,"programs":' "$cache_port"; cache_programs
  told info null; printf ',"info":%s' "$value"
  told store '""'; printf ',"storeDir":%s' "$value"
  told narinfo null; printf ',"narinfo":%s,"user":' "$value"
  json "$cache_user"
  printf ',"heldBy":'; json "$held_by"
  printf ',"byCredential":%s,"key":{"path":' "$by_credential"; json "$key_path"
  printf ',"named":%s,"kind":"%s","mode":"%s","owner":' "$key_named" "$k_kind" "$k_mode"; json "$k_owner"
  printf ',"group":'; json "$k_group"
  told readable null; printf ',"readable":%s' "$value"
  told public null; printf ',"publicKey":%s,"publicFile":' "$value"
  json "$public_file"; printf ',"published":'; json "$published"
  printf '}}'
}
