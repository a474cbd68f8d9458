# shellcheck shell=sh disable=SC2154,SC2034 # real and backup are keys.sh's; daemon_restarted is read by sh.ts's check
# One line more, or less, in Nix's settings; made as changes of a keys file are: whole or not at all, all else kept.

# setting_lines FILE LINE: the numbers of the lines that are exactly that; a NUL makes no binary of it.
setting_lines() { tr '\000' '\001' <"$1" | grep -Fxn -e "$2" | cut -d: -f1; }
has_setting() { [ -f "$1" ] && [ -n "$(setting_lines "$1" "$2")" ]; }

# add_setting FILE LINE: at its end, where it adds to what stands before.
add_setting() {
  real_file "$1" || return 1
  mkdir -p -- "$folder" && lock "$real" || return 1
  again add_setting_once "$2"
  code=$?
  tidy
  return "$code"
}
add_setting_once() {
  if [ ! -e "$real" ]; then make_file root:root 644 "$1"; return; fi
  [ -f "$real" ] || { say "$real is no file"; return 1; }
  if has_setting "$real" "$1"; then return 0; fi
  append_line "$1"
}

# remove_setting FILE LINE: the last that is exactly that, if there is one.
remove_setting() {
  [ -f "$1" ] || return 0
  real_file "$1" || return 1
  lock "$real" || return 1
  again remove_setting_once "$2"
  code=$?
  tidy
  return "$code"
}
remove_setting_once() {
  number=$(setting_lines "$real" "$1" | tail -n 1)
  [ -n "$number" ] || return 0
  keep_copy || return 1
  second=$real.offload-cut-$$
  fresh "$second" || return 1
  cut_line "$number" >"$second" && cat -- "$second" >"$made" || return 1
  rm -f -- "$second"
  second=''
  put_in_place "$(size_of "$made")"
}

# nix_lists BIN SETTING WORD: in Nix's own reading of its files, includes and all.
nix_lists() {
  if ! listed=$(HOME=/nonexistent "$1/nix" --extra-experimental-features nix-command show-config 2>&1); then
    say "$listed"
    return 1
  fi
  listed=$(printf '%s\n' "$listed" | sed -n "s/^$2 = //p")
  case " $listed " in *" $3 "*) ;; *) return 1 ;; esac
}

daemon_restarted=''
# restart_daemon UNIT
restart_daemon() { systemctl restart "$1" && daemon_restarted=yes; }
