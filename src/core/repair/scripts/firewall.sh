# shellcheck shell=sh disable=SC2154,SC2034 # real, backup, made and kept_unused are keys.sh's
# One TCP port opened: in the rules that run, and in the file that keeps them over a restart, where there is one.
# Every rule of ours carries this comment, so that it can be told from others'.
mark=offload-tray

# firewalld_has PORT/tcp [--zone=ZONE]
firewalld_has() {
  service=$1
  shift
  firewall-cmd --quiet "$@" --query-port="$service" && firewall-cmd --quiet --permanent "$@" --query-port="$service"
}

# ufw_has PORT: as a rule that lets everybody in.
ufw_has() { ufw show added 2>/dev/null | grep -qE "^ufw allow $1(/tcp)?( comment .*)?$"; }

# ufw_leads PORT: and no rule for others, on a whole network perhaps, stands before it.
ufw_leads() {
  ufw show added 2>/dev/null | port="$1" awk '
    BEGIN { ours = "^ufw allow " ENVIRON["port"] "(/tcp)?( comment .*)?$" }
    $0 ~ ours { found = 1; exit }
    $1 == "ufw" && $2 ~ /^(deny|reject|limit)$/ && $3 != "out" { exit }
    END { exit !found }'
}
# ufw_first PORT: before all other rules. One that is there already is not moved by ufw, but made anew. ufw before 0.36
# knows no "prepend", and has no place 1 without a rule.
ufw_first() {
  if ufw_leads "$1"; then return 0; fi
  there=''
  if ufw show added 2>/dev/null | grep -qE "^ufw allow $1/tcp( comment .*)?$"; then
    there=yes
    ufw delete allow "$1/tcp" || return 1
  fi
  ufw prepend allow "$1/tcp" || ufw insert 1 allow "$1/tcp" || { [ -z "$there" ] || ufw allow "$1/tcp"; return 1; }
}

# change_file FILE COMMAND...: FILE becomes what COMMAND makes of its copy on stdin, whole or not at all.
change_file() {
  real_file "$1" || return 1
  shift
  lock "$real" || return 1
  again change_file_once "$@"
  code=$?
  tidy
  return "$code"
}
change_file_once() {
  keep_copy || return 1
  second=$real.offload-text-$$
  fresh "$second" || return 1
  "$@" <"$backup" >"$second" && cat -- "$second" >"$made" || return 1
  rm -f -- "$second"
  second=''
  if cmp -s -- "$made" "$backup"; then rm -f -- "$made" "$backup"; made='' backup='' kept_unused=''; return 0; fi
  "${check_with:-true}" "$made" || { say "$real would not be read any more"; return 1; }
  put_in_place "$(size_of "$made")"
}

# nftables: CHAIN is "FAMILY TABLE NAME". A file of nft's is a program: a line at its end adds to what stands before.
nft_rule() { printf 'tcp dport %s accept comment "%s"' "$1" "$mark"; }
nft_line() { printf 'insert rule %s %s\n' "$1" "$(nft_rule "$2")"; }
nft_reads() { nft -c -f "$1"; }
# A missing final newline stays missing, so that taking the line out again gives the old bytes back.
with_last_line() {
  cat
  if [ "$ended" = yes ]; then printf '%s\n' "$1"; else printf '\n%s' "$1"; fi
}
# without_line LINE: the last that is exactly that; the copy is the one that is being changed.
without_line() {
  number=$(grep -nxF -e "$1" | tail -n 1 | cut -d: -f1)
  if [ -n "$number" ]; then cut_line "$number"; else cat -- "$made"; fi
}
# nft_handles CHAIN PORT: of our rules for it.
nft_handles() {
  # shellcheck disable=SC2086 # three words
  nft -a list chain $1 2>/dev/null | sed -n "s/.*tcp dport $2 accept comment \"$mark\" # handle \([0-9]*\)\$/\1/p"
}
# nft_leads CHAIN PORT: our rule for it stands before everybody else's, so that nothing drops it earlier.
nft_leads() {
  # shellcheck disable=SC2086 # three words
  nft list chain $1 2>/dev/null | rule=$(nft_rule "$2") mark="comment \"$mark\"" awk '
    /^[ \t]*(table|chain|type|policy|comment|}|$)/ { next }
    index($0, ENVIRON["rule"]) { found = 1; exit }
    !index($0, ENVIRON["mark"]) { exit }
    END { exit !found }'
}
nftables_has() {
  nft_leads "$1" "$2" || return 1
  [ -z "$3" ] || grep -qxF -e "$(nft_line "$1" "$2")" -- "$3"
}
open_nftables() {
  if [ -n "$3" ] && ! grep -qxF -e "$(nft_line "$1" "$2")" -- "$3"; then
    ended=no
    if [ ! -s "$3" ] || ends_with_newline "$3"; then ended=yes; fi
    check_with=nft_reads
    change_file "$3" with_last_line "$(nft_line "$1" "$2")" || return 1
  fi
  if nft_leads "$1" "$2"; then return 0; fi
  drop_nft_rules "$1" "$2" || return 1
  # shellcheck disable=SC2086,SC2046 # words of the rule
  nft insert rule $1 $(printf 'tcp dport %s accept comment' "$2") "\"$mark\""
}
drop_nft_rules() {
  for handle in $(nft_handles "$1" "$2"); do
    # shellcheck disable=SC2086 # three words
    nft delete rule $1 handle "$handle" || return 1
  done
}
close_nftables() {
  drop_nft_rules "$1" "$2" || return 1
  [ -n "$3" ] && [ -f "$3" ] || return 0
  check_with=nft_reads
  change_file "$3" without_line "$(nft_line "$1" "$2")"
}

# iptables and ip6tables, and their rules files, which hold what iptables-save prints.
ip_rule() { printf '%s' "-p tcp -m tcp --dport $1 -m comment --comment $mark -j ACCEPT"; }
# runs_tables PROGRAM: there, and able to read its own rules (a kernel may lack IPv6's).
runs_tables() { command -v "$1" >/dev/null 2>&1 && "$1" -S INPUT >/dev/null 2>&1; }
# second_file FILE: IPv6's beside IPv4's; nothing where there is none.
second_file() {
  case $1 in
    */rules.v4) six=${1%4}6 ;;
    */iptables) six=${1%/*}/ip6tables ;;
    *) six='' ;;
  esac
  [ ! -f "$six" ] || printf '%s\n' "$six"
}
# has_ip_line FILE PORT
has_ip_line() { [ -z "$1" ] || grep -qxF -e "-A INPUT $(ip_rule "$2")" -- "$1"; }
# ip_leads PROGRAM PORT: our rule for it stands before everybody else's.
ip_leads() {
  "$1" -S INPUT 2>/dev/null | port="--dport $2 " mark=" $mark " awk '
    !/^-A / { next }
    !index($0, ENVIRON["mark"]) { exit }
    index($0, ENVIRON["port"]) { found = 1; exit }
    END { exit !found }'
}
iptables_has() {
  for program in iptables ip6tables; do
    runs_tables "$program" || continue
    ip_leads "$program" "$1" || return 1
  done
  has_ip_line "$2" "$1" && has_ip_line "$(second_file "$2")" "$1"
}
# with_ip_line PORT: before the first rule of the filter table's INPUT, so that nothing drops it earlier.
with_ip_line() {
  rule="-A INPUT $(ip_rule "$1")" awk '
    /^\*/ { table = $0; sub(/\r$/, "", table) }
    table == "*filter" && !put && (/^-A INPUT / || /^COMMIT/) { print ENVIRON["rule"]; put = 1 }
    { print }
    END { exit !put }'
}
ip4_reads() { iptables-restore --test <"$1"; }
ip6_reads() { ip6tables-restore --test <"$1"; }
keep_ip_line() {
  [ -n "$1" ] && ! has_ip_line "$1" "$2" || return 0
  check_with=$3
  change_file "$1" with_ip_line "$2"
}
drop_ip_line() {
  [ -n "$1" ] && [ -f "$1" ] || return 0
  check_with=$3
  change_file "$1" without_line "-A INPUT $(ip_rule "$2")"
}
open_iptables() {
  for program in iptables ip6tables; do
    runs_tables "$program" || continue
    if ip_leads "$program" "$1"; then continue; fi
    drop_ip_rules "$program" "$1"
    # shellcheck disable=SC2046 # words of the rule
    "$program" -I INPUT $(ip_rule "$1") || return 1
  done
  keep_ip_line "$2" "$1" ip4_reads && keep_ip_line "$(second_file "$2")" "$1" ip6_reads
}
# drop_ip_rules PROGRAM PORT
drop_ip_rules() {
  # shellcheck disable=SC2046 # words of the rule
  while "$1" -D INPUT $(ip_rule "$2") 2>/dev/null; do :; done
}
close_iptables() {
  for program in iptables ip6tables; do
    if runs_tables "$program"; then drop_ip_rules "$program" "$1"; fi
  done
  drop_ip_line "$2" "$1" ip4_reads && drop_ip_line "$(second_file "$2")" "$1" ip6_reads
}
