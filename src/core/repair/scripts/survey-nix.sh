# shellcheck shell=sh disable=SC2154 # user, home and the like come from survey.sh, abilities from survey-machine.sh
# Nix on the desktop, as the builder meets it: where it is found, what the shell says, whether the daemon lets it in.

# find_nix: the folder of nix-store, into nix_bin; the real file of the nix command, into nix_tool. Never from the builder's
# own home: it is run as root, and whoever builds here could have put anything there.
find_nix() {
  nix_bin=''
  IFS=:
  for place in $builder_path; do
    case $place in /*) ;; *) continue ;; esac
    in_builders_home "$place" || [ ! -x "$place/nix-store" ] || { nix_bin=$place; break; }
  done
  unset IFS
  if [ -z "$nix_bin" ]; then
    for place in /run/current-system/sw/bin /nix/var/nix/profiles/default/bin /usr/bin /usr/local/bin /bin \
      /root/.nix-profile/bin /root/.local/state/nix/profile/bin "${HOME:-/root}/.nix-profile/bin" \
      /opt/nix/bin /opt/nix /usr/local/nix/bin; do
      if [ -x "$root$place/nix-store" ] && ! in_builders_home "$root$place"; then nix_bin=$root$place; break; fi
    done
  fi
  nix_tool=''
  # The file itself: the builder may not enter root's profile, but may run what it leads to.
  [ -n "$nix_bin" ] && [ -x "$nix_bin/nix" ] || return 0
  real_of "$nix_bin/nix"
  nix_tool=$real
}
in_builders_home() {
  case $real_home in /?*) case $1/ in "$home"/* | "$real_home"/*) return 0 ;; esac ;; esac
  return 1
}
# find_running_nix PID: else where the daemon that runs comes from.
find_running_nix() {
  [ -z "$nix_bin" ] || return 0
  case $1 in '' | 0 | *[!0-9]*) return 0 ;; esac
  runs=$(readlink -- "$root/proc/$1/exe") || return 0
  if [ -x "${runs%/*}/nix-store" ]; then nix_bin=${runs%/*} nix_tool=$runs; fi
}

# ask_nix COMMAND…: with nobody's own settings and no store opened but what is asked for.
ask_nix() {
  NIX_USER_CONF_FILES=/dev/null NIX_CONFIG='' bounded 3 "$nix_tool" --extra-experimental-features nix-command "$@" </dev/null
}

nix_version_says() {
  # "systemd 257 (257.8-1)"
  if [ "$has_systemd" = true ]; then
    version=$(bounded 2 systemctl --version 2>/dev/null </dev/null)
    version=${version#systemd }
    version=${version%%[!0-9]*}
    [ -z "$version" ] || tell systemd "$version"
  fi
  [ -n "$nix_bin" ] || return 0
  version=$(bounded 3 "$nix_bin/nix-store" --version 2>/dev/null </dev/null)
  version=${version%%"$newline"*}
  quoted "${version##* }"
  tell version "$quoted"
}

# user_settings TEXT: of lines "name = value" those that name users, their extra- ones joined, cut to what one write holds.
user_settings() {
  printf '%s\n' "$1" | awk '
    { at = index($0, "=") } at == 0 { next }
    { name = substr($0, 1, at - 1); gsub(/[ \t]/, "", name); extra = sub(/^extra-/, "", name) }
    name == "trusted-users" || name == "allowed-users" {
      text = substr($0, at + 1); sub(/#.*/, "", text); gsub(/[ \t]+/, " ", text); gsub(/^ | $/, "", text)
      value[name] = extra && value[name] != "" ? value[name] " " text : text
    }
    END { for (name in value) print name, substr(value[name], 1, 600) }'
}
# nix_settings_say: whom the daemon trusts and lets in. Nix's own answer; else nix.conf's lines, where it includes nothing.
nix_settings_say() {
  says=''
  if [ -n "$nix_tool" ]; then
    says=$(ask_nix config show 2>/dev/null) || says=$(ask_nix show-config 2>/dev/null) || says=''
  fi
  if [ -z "$says" ] && [ -r "$root/etc/nix/nix.conf" ] && ! grep -q '^[ 	]*!*include[ 	]' "$root/etc/nix/nix.conf"; then
    says="trusted-users = root${newline}allowed-users = *$newline$(head -c 65536 "$root/etc/nix/nix.conf")"
  fi
  [ -n "$says" ] || return 0
  says=$(user_settings "$says")
  after 'trusted-users ' "$says" || value=''
  quoted "$value"
  tell trusted "$quoted"
  after 'allowed-users ' "$says" || value=''
  quoted "$value"
  tell allowed "$quoted"
}

# sshd_path: what sshd gives the builder for PATH (its default where it was built, PAM's, its own SetEnv), into builder_path.
sshd_path() {
  case " $os_id $os_like " in
    *' debian '* | *' ubuntu '*) builder_path=/usr/local/bin:/usr/bin:/bin:/usr/games ;;
    *' fedora '* | *' rhel '*) builder_path=/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin ;;
    *' arch '*) builder_path=/usr/local/sbin:/usr/local/bin:/usr/bin ;;
    *' alpine '*) builder_path=/bin:/usr/bin:/sbin:/usr/sbin ;;
    *' nixos '*) builder_path=/run/wrappers/bin:/nix/var/nix/profiles/default/bin:/run/current-system/sw/bin ;;
    *) builder_path=/usr/bin:/bin:/usr/sbin:/sbin ;;
  esac
  if [ "$pam" = true ]; then
    set --
    for file in "$root/etc/security/pam_env.conf" "$root/etc/environment" "$root/etc/pam/environment"; do
      [ ! -f "$file" ] || [ ! -r "$file" ] || set -- "$@" "$file"
    done
    given=''
    [ $# = 0 ] || given=$(home=$home user=$user awk '
      /^(export[ \t]+)?PATH=/ { text = $0; sub(/^(export[ \t]+)?PATH=/, "", text) }
      /^PATH[ \t]+(DEFAULT|OVERRIDE)=/ { text = $0; sub(/^PATH[ \t]+(DEFAULT|OVERRIDE)=/, "", text) }
      END {
        gsub(/^["\047]|["\047][ \t]*$/, "", text)
        gsub(/@\{HOME\}/, ENVIRON["home"], text); gsub(/@\{PAM_USER\}/, ENVIRON["user"], text)
        if (text !~ /[$@]\{/) print text
      }' "$@")
    [ -z "$given" ] || builder_path=$given
  fi
  case $newline$effective in
    *"${newline}setenv PATH="*)
      builder_path=${effective##*"${newline}setenv PATH="}
      builder_path=${builder_path%%"$newline"*} ;;
  esac
}

# builder_says: what a non-interactive shell of the builder's prints and finds, run as sshd runs it. Bash reads its
# bashrc there, because SSH_CLIENT is set and SHLVL is not (shell.c, SSH_SOURCE_BASHRC).
builder_says() {
  [ "$exists" = true ] && [ -n "$becomes" ] && [ "$shell_runs" = true ] || return 0
  cd "$home" 2>/dev/null || cd /
  # A program that the shell leaves behind may hold its pipe open: awk ends at the mark, not at the end.
  heard=$(as_user "$user" "$uid" "$gid" 3 env -i HOME="$home" USER="$user" LOGNAME="$user" SHELL="${shell:-/bin/sh}" \
    PATH="$builder_path" SSH_CLIENT="$client 50000 $ssh_port" SSH_CONNECTION="$client 50000 127.0.0.1 $ssh_port" \
    "${shell:-/bin/sh}" -c 'exec /bin/sh -c "echo @offload-begin@; command -v nix-store >/dev/null && command -v nix-daemon >/dev/null && echo @offload-found@; echo @offload-end@"' \
    2>/dev/null </dev/null | awk '
      $0 == "@offload-end@" { ended = 1; exit }
      $0 == "@offload-found@" { found = 1; next }
      !begun && (at = index($0, "@offload-begin@")) { begun = 1; noise = noise substr($0, 1, at - 1) }
      !begun && length(noise) < 300 { noise = noise $0 "\n" }
      END { if (ended) printf "%s:%s", found ? "true" : "false", substr(noise, 1, 300) }')
  case $heard in
    *:*)
      tell finds "${heard%%:*}"
      quoted "${heard#*:}"
      tell noise "$quoted" ;;
  esac
}

# twice COMMAND…: its words into answer. Asked once more where it failed at once: a daemon whose database another opens at this
# very moment hangs up ("is busy"), just as it does on one whom it does not let in.
twice() {
  for wait in 0.3 ''; do
    answer=$("$@" 2>&1 </dev/null) && return 0
    failed=$?
    case $failed:$answer in
      124:* | 137:* | 143:* | *"'--json'"* | *recognised* | *'Connection refused'* | *'No such file'*) break ;;
    esac
    [ -z "$wait" ] || sleep "$wait" 2>/dev/null || sleep 1
  done
  return "$failed"
}
# ping_as_builder FLAG…: a real connection to the daemon as the builder, its words into answer.
ping_as_builder() {
  twice as_user "$user" "$uid" "$gid" 3 env -i HOME="$home" PATH=/usr/bin:/bin NIX_USER_CONF_FILES=/dev/null \
    "$nix_tool" --extra-experimental-features nix-command store ping --store daemon "$@"
}
# tell_said TEXT: its last two lines, short enough for one write.
tell_said() {
  quoted "$(printf '%s\n' "$1" | tail -n 2 | cut -c1-300)"
  tell said "$quoted"
}
# daemon_says: whether the daemon answers the builder, else whoever this is, and what it thinks of the builder.
daemon_says() {
  [ -n "$nix_tool" ] || return 0
  answer='' tried=false
  if [ "$exists" = true ] && [ -n "$becomes" ]; then
    tried=true
    ping_as_builder --json
    asked=$?
    # --json since 2.14
    case $answer in *"'--json'"*) ping_as_builder; asked=$? ;; esac
    case $asked in
      0)
        tell answers true
        tell allows true
        case $answer in
          *'"trusted":true'* | *'"trusted":1'*) tell trusts true ;;
          *'"trusted":false'* | *'"trusted":0'*) tell trusts false ;;
        esac
        return ;;
      # A daemon that is slow to answer has turned nobody away. (busybox ends with the signal's own code.)
      124 | 137 | 143) tried=false ;;
    esac
  fi
  to_builder=$answer
  if twice ask_nix store ping --store daemon; then
    tell answers true
    [ "$tried" = false ] || { tell allows false; tell_said "$to_builder"; }
    return
  fi
  said=$answer
  case $said in
    *recognised*) ;; # a Nix before 2.4 knows no such command
    *'Connection refused'* | *'No such file'*) tell answers false; tell_said "$said" ;;
    *) [ "$am_root" = false ] || { tell answers false; tell_said "$said"; } ;;
  esac
}

# socket_access: whether owner, group and mode of the daemon's socket and its folder let the builder in.
socket_access() {
  socket_open=null socket_group=''
  place=$root/nix/var/nix/daemon-socket
  looks=$(stat -c '%u:%g:%a:%G' -- "$place" "$place/socket" 2>/dev/null) || [ -n "$looks" ] || return 0
  groups=''
  socket_open=true needed=1 # the folder is entered (1), the socket written to (2)
  IFS=$newline
  for look in $looks; do
    fields "$look"
    own=${f3%??} others=${f3#"${f3%?}"}
    own=${own#"${own%?}"} shared=${f3%?} shared=${shared#"${shared%?}"}
    if [ $((others & needed)) = 0 ] && [ $((shared & needed)) != 0 ]; then socket_group=$f4; fi
    if [ "$uid" = "$f1" ]; then may=$own
    elif [ "$shared" = "$others" ]; then may=$others
    else
      [ -n "$groups" ] || groups=" $gid $(id -G "$user" 2>/dev/null) "
      case $groups in *" $f2 "*) may=$shared ;; *) may=$others ;; esac
    fi
    [ $((may & needed)) != 0 ] || socket_open=false
    needed=2
  done
  unset IFS
  [ "$exists" = true ] || socket_open=null
}

# conf_file: the file in which a setting would be changed: where nix.conf is made by an installer, the one it includes.
conf_file() {
  conf=$root/etc/nix/nix.conf
  if [ -r "$conf" ] && grep -q '^[ 	]*!*include[ 	][ 	]*nix\.custom\.conf' "$conf" &&
    grep -iq '^[ 	]*#.*\(generated by\|do not modify\|will be replaced\|do not edit\)' "$conf"; then
    conf=$root/etc/nix/nix.custom.conf
  fi
}

nix_json() {
  socket_access
  conf_file
  printf '{"bin":'; json "$nix_bin"
  told version '""'; printf ',"version":%s' "$value"
  told finds null; printf ',"builderFinds":%s' "$value"
  told noise null; printf ',"shellNoise":%s' "$value"
  told answers null; printf ',"daemonAnswers":%s' "$value"
  told allows null; printf ',"builderAllowed":%s' "$value"
  told trusts null; printf ',"builderTrusted":%s' "$value"
  told said '""'; printf ',"daemonSaid":%s' "$value"
  printf ',"socketOpen":%s,"socketGroup":' "$socket_open"; json "$socket_group"
  told trusted null; printf ',"trustedUsers":%s' "$value"
  told allowed null; printf ',"allowedUsers":%s,"conf":' "$value"
  text_file "$conf"
  printf '}'
}
