# shellcheck shell=sh disable=SC2154 # user, client and what fields() sets come from survey.sh
# survey_machine SSHPORT CACHEPORT: the rest of the machine: Nix, units, ports, the cache and its key, firewall, disk, NixOS.

# text_file PATH: a file with its bytes, which a step may change.
text_file() {
  t_real=$1 t_kind=missing t_hex=null t_owner='' t_group='' t_mode='' t_writable=false
  if [ -e "$1" ] || [ -L "$1" ]; then t_real=$(readlink -f -- "$1" || printf %s "$1"); fi
  if t_looks=$(stat -c '%s:%a:%U:%G:%F' -- "$t_real" 2>&1); then
    fields "$t_looks"
    t_mode=$f2 t_owner=$f3 t_group=$f4
    case $f5 in directory) t_kind=folder ;; regular*) t_kind='file' ;; *) t_kind='other' ;; esac
    if [ "$t_kind" = file ] && [ "$f1" -le 262144 ] && [ -r "$t_real" ]; then
      t_hex="\"$(od -An -v -tx1 <"$t_real" | tr -d ' \n')\""
    fi
    if [ -w "$t_real" ]; then t_writable=true; fi
  else
    case $t_looks in *'Permission denied'*) t_kind=denied ;; esac
  fi
  printf '{"path":'; json "$1"
  printf ',"real":'; json "$t_real"
  printf ',"kind":"%s","hex":%s,"mode":"%s","writable":%s,"owner":' "$t_kind" "$t_hex" "$t_mode" "$t_writable"
  json "$t_owner"; printf ',"group":'; json "$t_group"; printf '}'
}

survey_machine() {
  ssh_port=$1 cache_port=$2
  printf '{"nix":{"bin":"","version":"","builderFinds":null,"shellNoise":null,"daemonAnswers":null,"socketOpen":null'
  printf ',"socketGroup":"","trustedUsers":null,"allowedUsers":null,"conf":'; text_file /etc/nix/nix.conf
  printf '},"units":null,"listening":null,"cache":{"port":%s,"programs":[],"info":null,"narinfo":null' "$cache_port"
  printf ',"user":"","byCredential":false,"key":{"path":"/var/cache-priv-key.pem","named":false,"kind":"denied"'
  printf ',"owner":"","group":"","mode":"","readable":null,"publicKey":null,"publicFile":"","published":""}}'
  printf ',"firewall":{"by":"unknown","open":[{"port":%s,"open":null},{"port":%s,"open":null}]' "$ssh_port" "$cache_port"
  printf ',"zone":"","keptIn":"","chain":""},"disk":{"free":null,"total":null},"nixos":null}'
}
