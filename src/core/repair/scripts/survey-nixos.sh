# shellcheck shell=sh disable=SC2154 # os_id and the like come from survey.sh, root from survey-machine.sh
# NixOS: its flake, the host's own files, copies of our module, and what runs now.

is_nixos() { [ -e "$root/etc/NIXOS" ] || [ "$os_id" = nixos ]; }

# mentions OPTION: the Nix files below /etc/nixos that hold this word, few and small ones only.
mentions() {
  bounded 2 find "$nixos_at/" -maxdepth 5 -name .git -prune -o -type f -name '*.nix' -size -512k \
    -exec grep -lF -- "$1" {} + 2>/dev/null </dev/null | head -n 12
}
# named_in_flake: the paths that flake.nix names, one a line.
named_in_flake() {
  [ -r "$nixos_at/flake.nix" ] || return 0
  awk '{ sub(/(^|[ \t])#.*/, ""); line = $0
    while (match(line, /\.\/[A-Za-z0-9_.\/+-]+/)) { print substr(line, RSTART + 2, RLENGTH - 2); line = substr(line, RSTART + RLENGTH) } }' \
    "$nixos_at/flake.nix" | head -n 40
}
# nix_files NAME…: as text_file each, once, a dozen at most; a folder stands for its default.nix.
nix_files() {
  n_known=$newline n_comma='' n_left=12
  printf '['
  for file; do
    [ ! -d "$file" ] || file=$file/default.nix
    if [ ! -f "$file" ] || [ "$n_left" = 0 ]; then continue; fi
    case "$n_known$modules_known" in *"$newline$file$newline"*) continue ;; esac
    n_known="$n_known$file$newline" n_left=$((n_left - 1))
    printf %s "$n_comma"
    text_file "$file"
    n_comma=,
  done
  printf ']'
}

# left_json: the edits of a repair that was cut off before its system was confirmed: its run is gone, and its note is
# there (nixos.sh). With every file that it names, as it is now and as it was. null where there are none, or root's rights are missing.
left_json() {
  set +f
  for l_note in "$root"/var/lib/offload-tray/??????.journal; do
    set -f
    l_run=${l_note##*/}
    if [ ! -s "$l_note" ] || [ ! -r "$l_note" ] || [ -d "$root/run/offload-tray.${l_run%.journal}" ]; then continue; fi
    printf '{"note":'; text_file "$l_note"
    printf ',"files":['
    l_comma='' l_left=24
    while IFS='	' read -r l_kind l_path l_copy _; do
      [ "$l_left" -gt 0 ] || break
      l_left=$((l_left - 1))
      case $l_kind in
        edit) printf %s "$l_comma"; text_file "$l_path"; printf ,; text_file "$l_copy"; l_comma=, ;;
        file) printf %s "$l_comma"; text_file "$l_path"; l_comma=, ;;
      esac
    done <"$l_note"
    printf ']}'
    return
  done
  set -f
  printf null
}

nixos_json() {
  nixos_at=$root/etc/nixos
  # The folder itself may be a link, or flake.nix one into somebody's own folder.
  if [ -L "$nixos_at/flake.nix" ] && real=$(readlink -f -- "$nixos_at/flake.nix"); then parent "$real"; nixos_at=$above
  elif real=$(readlink -f -- "$nixos_at"); then nixos_at=$real; fi
  host=$(cat "$root/proc/sys/kernel/hostname" 2>/dev/null)
  [ -n "$host" ] || host=$(uname -n)
  printf '{"version":'; json "$os_version"
  printf ',"hostName":'; json "$host"
  printf ',"flake":'; text_file "$root/etc/nixos/flake.nix"

  # Our module: by its name, or by what it declares, wherever somebody put it.
  modules=$(bounded 2 find "$nixos_at/" -maxdepth 5 -name .git -prune -o -name offload-server.nix -print 2>/dev/null </dev/null | head -n 5
    mentions options.services.offload-server)
  using=$(mentions offload-server)
  in_flake=$(named_in_flake)
  modules_known=$newline
  IFS=$newline
  # shellcheck disable=SC2086 # one name a line; names are not expanded (set -f)
  printf ',"modules":%s' "$(nix_files $modules)"
  modules_known="$newline$modules$newline" found_names=''
  for name in $in_flake; do
    case $name in *hardware-configuration* | *.lock | offload-server.nix | */offload-server.nix) continue ;; esac
    found_names="$found_names$nixos_at/${name%/}$newline"
  done
  # shellcheck disable=SC2086 # as above
  set -- "$nixos_at/configuration.nix" "$nixos_at/hosts/$host" "$nixos_at/hosts/$host/configuration.nix" \
    "$nixos_at/hosts/$host.nix" "$nixos_at/machines/$host" "$nixos_at/machines/$host/configuration.nix" \
    "$nixos_at/systems/$host" "$nixos_at/nixos/configuration.nix" "$nixos_at/$host/configuration.nix" $using $found_names
  unset IFS
  printf ',"configurations":%s' "$(nix_files "$@")"

  git=false above=$nixos_at/x
  while [ "$above" != / ]; do
    parent "$above"
    if [ -e "${above%/}/.git" ]; then git=true; break; fi
  done
  rebuild=$(command -v nixos-rebuild) || rebuild=''
  [ -n "$rebuild" ] || [ ! -x "$root/run/current-system/sw/bin/nixos-rebuild" ] || rebuild=$root/run/current-system/sw/bin/nixos-rebuild
  printf ',"git":%s,"rebuild":' "$git"; json "$rebuild"
  printf ',"system":'; json "$(readlink -f -- "$root/run/current-system" 2>/dev/null)"
  printf ',"left":'; left_json
  printf '}'
}
