# shellcheck shell=sh disable=SC2154 # root and newline come from survey.sh, listening from survey-machine.sh
# NFS: who may mount the store of this desktop, as etab says that the kernel was told (what exportfs -s prints), else as
# the files say for the next start. Where nothing is exported this starts no program.

# exports_in FILE…: "PATH ro|rw CLIENT" of each client that may mount what holds the store (exports(5)).
exports_in() {
  awk '
    function named(text) { gsub(/"/, "", text); if (length(text) > 1) sub(/\/+$/, "", text); return text }
    # The last of ro and rw counts; without one it is ro.
    function mode(options,   i, n, each, found) {
      found = "ro"
      n = split(options, each, ",")
      for (i = 1; i <= n; i++) if (each[i] == "rw" || each[i] == "ro") found = each[i]
      return found
    }
    function told(client, options) { print path, mode(common "," options), client == "" ? "*" : client }
    {
      line = held $0
      if (sub(/\\$/, "", line)) { held = line " "; next }
      held = ""
      sub(/#.*/, "", line)
      count = split(line, word, /[ \t]+/)
      first = count && word[1] == "" ? 2 : 1
      path = named(word[first])
      if (path != "/" && path != "/nix" && path != "/nix/store") next
      common = ""; clients = 0
      for (i = first + 1; i <= count; i++) {
        if (word[i] == "") continue
        if (substr(word[i], 1, 1) == "-") { common = substr(word[i], 2); continue }
        clients++
        at = index(word[i], "(")
        options = at ? substr(word[i], at + 1) : ""
        sub(/\).*/, "", options)
        told(at ? substr(word[i], 1, at - 1) : word[i], options)
      }
      if (!clients) told("*", "")
    }' "$@" 2>/dev/null | head -n 20
}

# nfs_json: null where the exports may not be read.
nfs_json() {
  exported='' e_comma=''
  if [ -s "$root/var/lib/nfs/etab" ] && [ -r "$root/var/lib/nfs/etab" ]; then
    exported=$(exports_in "$root/var/lib/nfs/etab")
  else
    set --
    set +f
    for e_file in "$root/etc/exports" "$root"/etc/exports.d/*.exports; do
      [ -s "$e_file" ] || continue
      [ -r "$e_file" ] || { set -f; printf null; return; }
      set -- "$@" "$e_file"
    done
    set -f
    [ $# = 0 ] || exported=$(exports_in "$@")
  fi
  printf '{"exports":['
  IFS=$newline
  for e_line in $exported; do
    e_client=${e_line#* * }
    printf '%s{"path":"%s","to":' "$e_comma" "${e_line%% *}"; json "$e_client"
    case $e_line in *' rw '"$e_client") printf ',"writable":true}' ;; *) printf ',"writable":false}' ;; esac
    e_comma=,
  done
  unset IFS
  printf '],"serving":'
  if [ ! -r "$root/proc/net/tcp" ]; then printf null
  else case $newline$listening in *"${newline}2049 "*) printf true ;; *) printf false ;; esac
  fi
  printf '}'
}
