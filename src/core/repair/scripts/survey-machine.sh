# shellcheck shell=sh disable=SC2034,SC2154 # shared: client, user and its fields come from survey.sh
# survey_machine SSHPORT CACHEPORT: the rest of the machine: Nix, units, ports, the cache and its key, firewall, disk,
# NixOS. What takes time is asked at once in the background; each answer is a line "NAME JSON". It changes nothing.
# Stands on what abilities and unit_lines (in units) found.

# text_file PATH: a file with its bytes, which a step may change.
text_file() {
  t_kind=missing t_hex=null t_owner='' t_group='' t_mode='' t_writable=false
  real_of "$1"
  t_real=$real
  if t_looks=$(stat -c '%s:%a:%U:%G:%F' -- "$t_real" 2>&1); then
    fields "$t_looks"
    t_mode=$f2 t_owner=$f3 t_group=$f4
    case $f5 in directory) t_kind=folder ;; regular*) t_kind='file' ;; *) t_kind='other' ;; esac
    if [ "$t_kind" = file ] && [ "$f1" -le 262144 ] && [ -r "$t_real" ]; then
      hex_of "$t_real"
      t_hex=$hex
    fi
    t_place=$t_real
  else
    case $t_looks in *'Permission denied'*) t_kind=denied ;; esac
    parent "$t_real"
    while [ ! -e "$above" ] && [ "$above" != / ]; do parent "$above"; done
    t_place=$above
  fi
  # Without root's rights only the store is known to be read-only.
  case $t_real in
    /nix/store/*) ;;
    *) if [ "$am_root" = false ] || [ -w "$t_place" ]; then t_writable=true; fi ;;
  esac
  printf '{"path":'; json "$1"
  printf ',"real":'; json "$t_real"
  printf ',"kind":"%s","hex":%s,"mode":"%s","writable":%s,"owner":' "$t_kind" "$t_hex" "$t_mode" "$t_writable"
  json "$t_owner"; printf ',"group":'; json "$t_group"; printf '}'
}

# bounded SECONDS COMMAND…: ended after that long, where this machine can.
bounded() {
  if [ "$can_bound" = true ]; then timeout "$@"; else shift; "$@"; fi
}
# as_user NAME UID GID SECONDS COMMAND…: as somebody else and with nothing of ours, for a few seconds. No PAM: a look must
# not open a session.
as_user() {
  a_name=$1 a_uid=$2 a_gid=$3 a_limit=$4
  shift 4
  # shellcheck disable=SC2016 # the inner shell's words
  case $becomes in
    setpriv) bounded "$a_limit" setpriv --reuid="$a_uid" --regid="$a_gid" --init-groups -- "$@" ;;
    runuser) bounded "$a_limit" runuser -u "$a_name" -- "$@" ;;
    su) bounded "$a_limit" su -s /bin/sh -c 'exec "$@"' "$a_name" sh "$@" ;;
    *) return 126 ;;
  esac
}
# What this machine has for that; becomes is empty where nobody else can be tried.
abilities() {
  am_root=false can_bound=false becomes=''
  [ "$(id -u)" != 0 ] || am_root=true
  if command -v timeout >/dev/null 2>&1; then can_bound=true; fi
  [ "$am_root" = true ] && [ "$can_bound" = true ] || return 0
  if setpriv --reuid=0 --regid=0 --init-groups -- true 2>/dev/null; then becomes=setpriv
  elif command -v runuser >/dev/null 2>&1; then becomes=runuser
  elif command -v su >/dev/null 2>&1; then becomes=su
  fi
}

# tell NAME JSON: an answer from the background, in one write so that none mixes with another's.
tell() { printf '%s %s\n' "$1" "$2"; }
# after PREFIX TEXT: of TEXT's lines, the first that begins so, without the beginning, into value; else false. A loop, for
# "#*" over a long text takes some shells the square of its length.
after() {
  value=''
  IFS=$newline
  for line in $2; do
    case $line in "$1"*) unset IFS; value=${line#"$1"}; return 0 ;; esac
  done
  unset IFS
  return 1
}
# told NAME DEFAULT: what was told, into value.
told() { after "$1 " "$gathered" || value=$2; }

# unit_lines: systemd's words about every unit that may matter, in one go: lines "UNIT PROPERTY=VALUE", so that one is
# found without a program. Nothing where systemd does not run.
unit_lines() {
  [ -d "$root/run/systemd/system" ] || return 0
  bounded 5 systemctl show --no-pager -p Id,LoadState,ActiveState,UnitFileState,User,DynamicUser,Environment \
    -p UnsetEnvironment,EnvironmentFiles,FragmentPath,DropInPaths,ExecStart,MainPID,ActiveEnterTimestampMonotonic \
    sshd.service ssh.service ssh.socket sshd.socket nix-daemon.service nix-daemon.socket nix-serve.service \
    nix-serve.socket harmonia.service harmonia.socket harmonia-cache.service firewalld.service ufw.service \
    nftables.service firewall.service 2>/dev/null </dev/null | awk '
    function show(   i) { for (i = 1; id != "" && i <= n; i++) print id, held[i]; n = 0; id = "" }
    $0 == "" { show(); next }
    { held[++n] = $0 }
    index($0, "Id=") == 1 { id = substr($0, 4) }
    END { show() }'
}
# unit_is NAME PROPERTY: into value; empty where there is no such unit.
unit_is() { after "$1 $2=" "$units" || :; }
# journal_of UNIT: its last lines; nothing where they may not be read.
journal_of() { bounded 2 journalctl -u "$1" -n 8 -o cat -q --no-pager 2>/dev/null </dev/null | cut -c1-400; }
# unit_list: those that exist, as JSON, with the journal's end of what is not active, and of a cache that only seems well.
unit_list() {
  listed=' ' u_comma='' unwell=-
  told narinfo null
  case $value in 5??) unwell=$cache_unit ;; esac
  told info null
  case $value in 0 | 5??) unwell=$cache_unit ;; esac
  printf '['
  printf '%s\n' "$units" | cache=$cache_unit awk '
    function show(   is) {
      if (id ~ /^sshd?\.(service|socket)$/) is = "sshd"
      if (id == "nix-daemon.service") is = "nix-daemon"
      if (id == "nix-daemon.socket") is = "nix-daemon-socket"
      if (id == ENVIRON["cache"]) is = "cache"
      if (is != "" && got["LoadState"] != "" && got["LoadState"] != "not-found")
        print is, id, got["LoadState"], got["ActiveState"], got["UnitFileState"]
      split("", got)
    }
    $1 != id { if (id != "") show(); id = $1 }
    { at = index($0, "="); name = substr($2, 1, index($2, "=") - 1); if (name ~ /State$/) got[name] = substr($0, at + 1) }
    END { if (id != "") show()     }' | {
    while read -r is id load active enabled; do
      case $listed in *" $id "*) continue ;; esac
      listed="$listed$id "
      said=''
      case $active:$id in
        *":$unwell") said=$(journal_of "$id") ;;
        active:* | *.socket) ;;
        *) said=$(journal_of "$id") ;;
      esac
      printf '%s{"is":"%s","name":' "$u_comma" "$is"; json "$id"
      printf ',"load":'; json "$load"
      printf ',"active":'; json "$active"
      printf ',"enabled":'; json "$enabled"
      printf ',"journal":'; json "$said"
      printf '}'
      u_comma=,
    done
  }
  printf ']'
}

# listeners: "PORT ADDRESS" lines of TCP sockets that listen, as the kernel lists them for everybody.
listeners() {
  set -- "$root/proc/net/tcp" "$root/proc/net/tcp6"
  [ -r "$2" ] || set -- "$1"
  [ -r "$1" ] || return 0
  awk '
    function number(hex,   i, n) {
      for (i = 1; i <= length(hex); i++) n = n * 16 + index("0123456789ABCDEF", substr(hex, i, 1)) - 1
      return n + 0
    }
    # The kernel prints each word of four bytes as a number of its own (little-endian machines: all that Nix runs on).
    function four(hex) {
      return number(substr(hex, 7, 2)) "." number(substr(hex, 5, 2)) "." number(substr(hex, 3, 2)) "." number(substr(hex, 1, 2))
    }
    function six(hex,   i, word, text) {
      if (hex ~ /^0+$/) return "::"
      if (hex == "00000000000000000000000001000000") return "::1"
      if (substr(hex, 1, 24) == "0000000000000000FFFF0000") return four(substr(hex, 25))
      for (i = 1; i <= 25; i += 8) {
        word = tolower(substr(hex, i + 6, 2) substr(hex, i + 4, 2) ":" substr(hex, i + 2, 2) substr(hex, i, 2))
        text = text (i > 1 ? ":" : "") word
      }
      return text
    }
    $4 == "0A" {
      split($2, at, ":")
      line = number(at[2]) " " (length(at[1]) == 8 ? four(at[1]) : six(at[1]))
      if (seen[line]++) next
      for (i = ++n; i > 1 && held[i - 1] + 0 > line + 0; i--) held[i] = held[i - 1]
      held[i] = line
    }
    END { for (i = 1; i <= n && i <= 200; i++) print held[i] }' "$@"
}
listening_json() {
  [ -r "$root/proc/net/tcp" ] || { printf null; return; }
  l_comma='['
  IFS=$newline
  for line in $listening; do
    printf '%s{"port":%s,"address":"%s"}' "$l_comma" "${line%% *}" "${line#* }"
    l_comma=,
  done
  unset IFS
  [ "$l_comma" = , ] || printf '['
  printf ']'
}

# disk_says: room where the store is; where that is little, how much of it a garbage collection would give back.
disk_says() {
  above=$root/nix/store # made by the first build
  while [ ! -e "$above" ] && [ "$above" != / ]; do parent "$above"; done
  room_of=''
  room_at "$above"
  tell free "$free"
  tell total "$total"
  [ "$am_root" = true ] && [ -n "$nix_bin" ] && [ "$free" != null ] && [ "$total" != null ] || return 0
  if [ "$free" -lt 1073741824 ] || [ "$free" -lt $((total / 33)) ]; then
    # shellcheck disable=SC2016 # the inner shell's words; the folder of nix-store is $1
    dead=$(bounded 3 sh -c '"$1/nix-store" --gc --print-dead 2>/dev/null | xargs -r "$1/nix-store" -q --size 2>/dev/null' \
      sh "$nix_bin" </dev/null | awk '{ n += $1 } END { printf "%.0f", n }')
    [ -z "$dead" ] || tell dead "$dead"
  fi
}

survey_machine() {
  ssh_port=$1 cache_port=$2 has_systemd=false
  [ -z "$units" ] || has_systemd=true
  sshd_path
  find_nix
  unit_is nix-daemon.service MainPID
  find_running_nix "$value"
  listening=$(listeners)
  find_cache
  gathered=$(
    nix_version_says &
    nix_settings_say &
    builder_says &
    daemon_says &
    cache_says &
    cache_key_says &
    firewall_says &
    disk_says &
    wait
  )
  printf '{"nix":'; nix_json
  told systemd null
  printf ',"systemd":%s,"units":' "$value"
  if [ "$has_systemd" = true ]; then unit_list; else printf null; fi
  printf ',"listening":'; listening_json
  printf ',"cache":'; cache_json
  told firewall '{"by":"unknown","open":[],"zone":"","keptIn":"","chain":""}'
  printf ',"firewall":%s' "$value"
  told free null; printf ',"disk":{"free":%s' "$value"
  told total null; printf ',"total":%s' "$value"
  told dead null; printf ',"dead":%s},"nfs":' "$value"
  nfs_json
  printf ',"nixos":'
  if is_nixos; then nixos_json; else printf null; fi
  printf '}'
}
