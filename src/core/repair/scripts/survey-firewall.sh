# shellcheck shell=sh disable=SC2154 # units, client and the like come from survey.sh and survey-machine.sh
# The firewall: who rules it, and whether a new connection from the laptop to our ports would be let through. Rules
# are root's to read; without root nothing is said of them.

# our_side: the interface and address that the laptop reaches us by; empty where not known.
our_side() {
  own_iface='' own_address=''
  route=" $(bounded 2 ip -o route get "$client" 2>/dev/null </dev/null) "
  case $route in *' dev '*) own_iface=${route#*' dev '} own_iface=${own_iface%% *} ;; esac
  case $route in *' src '*) own_address=${route#*' src '} own_address=${own_address%% *} ;; esac
}

# firewalld_says: where nft is not there to read firewalld's rules: its own words. Sets zone, and verdicts' lines.
firewalld_says() {
  zone=$(bounded 3 firewall-cmd --get-zone-of-interface="$own_iface" 2>/dev/null </dev/null) ||
    zone=$(bounded 3 firewall-cmd --get-default-zone 2>/dev/null </dev/null) || return 0
  bounded 3 firewall-cmd --zone="$zone" --list-all 2>/dev/null </dev/null | ports="$ssh_port $cache_port" awk '
    $1 == "target:" { target = $2 }
    $1 == "services:" { services = " " $0 " "; known = 1 }
    $1 == "ports:" { ports = $0; sub(/^[^:]*:/, "", ports) }
    $1 == "rich" { rich = 1; next }
    rich && NF { unsure = 1 }
    END {
      n = split(ENVIRON["ports"], wanted, " ")
      for (i = 1; known && i <= n; i++) {
        found = wanted[i] == 22 && services ~ / ssh /
        count = split(ports, each, " ")
        for (k = 1; k <= count; k++) {
          if (each[k] !~ /\/tcp$/) continue
          sub(/\/tcp$/, "", each[k]); if (split(each[k], ends, "-") == 1) ends[2] = ends[1]
          if (wanted[i] + 0 >= ends[1] + 0 && wanted[i] + 0 <= ends[2] + 0) found = 1
        }
        # A service of a name of its own may open any port.
        strange = services; gsub(/ (services:|ssh|dhcpv6-client|mdns|cockpit|samba-client|ipp-client|dns|http|https) /, "  ", strange)
        gsub(/(services:|ssh|dhcpv6-client|mdns|cockpit|samba-client|ipp-client)/, "", strange)
        print wanted[i], found || target == "ACCEPT" ? "accept" : (unsure || strange ~ /[a-z]/ ? "unknown" : "drop"), "firewalld"
      }
    }'
}

# walked LINES: of walk_rules' words, or firewalld's, the first chain that drops, into blocking, and the first of nftables'
# that lets by, into passing; the rule that drops, into in_way; the ports, each in blanks, into shut and unsure.
walked() {
  blocking='' passing='' in_way='' shut=' ' unsure=' '
  IFS=$newline
  for line in $1; do
    word=${line%% *} rest=${line#* }
    what=${rest%% *} rest=${rest#* }
    case $word:$what in
      why:*) in_way=${in_way:-$rest} ;;
      [0-9]*:drop) blocking=${blocking:-$rest} shut="$shut$word " ;;
      [0-9]*:accept | [0-9]*:unknown)
        [ "$what" = accept ] || unsure="$unsure$word "
        case $rest in INPUT | 'INPUT '*) ;; *) passing=${passing:-$rest} ;; esac ;;
    esac
  done
  unset IFS
}

firewall_says() {
  zone='' kept='' chain='' lines='' read_any=false
  unit_is firewalld.service ActiveState
  firewalld=$value
  unit_is firewall.service ActiveState
  nixos_unit=$value
  our_side
  if [ "$am_root" = true ]; then
    tool=iptables
    case $client in *:*) tool=ip6tables ;; esac
    rules=''
    if command -v "$tool" >/dev/null 2>&1 && asked_rules=$(bounded 3 "$tool" -S 2>/dev/null </dev/null); then
      rules="@iptables$newline$asked_rules" read_any=true
    fi
    if command -v nft >/dev/null 2>&1 && asked_rules=$(bounded 3 nft list ruleset 2>/dev/null </dev/null); then
      rules="$rules$newline@nft$newline$asked_rules" read_any=true
    fi
    [ "$read_any" = false ] || lines=$(printf '%s\n' "$rules" | walk_rules)
    case $newline$lines in *"${newline}walked") ;; *) read_any=false ;; esac
    case "$newline$lines" in *"${newline}zone "*) zone=${lines##*zone } zone=${zone%%"$newline"*} ;; esac
    if [ "$firewalld" = active ] && [ -z "$zone" ] && command -v firewall-cmd >/dev/null 2>&1; then
      lines=$(firewalld_says)
      zone=$(bounded 3 firewall-cmd --get-zone-of-interface="$own_iface" 2>/dev/null </dev/null) || zone=''
      read_any=true
    fi
  fi
  case $newline$lines in
    *"${newline}has nixos"*) by=nixos ;;
    *"${newline}has ufw"*) by=ufw ;;
    *"${newline}has nftables"*) by=nftables ;;
    *"${newline}has iptables"*) by=iptables ;;
    *) by=none; [ "$read_any" = true ] || by=unknown ;;
  esac
  if is_nixos && [ "$nixos_unit" = active ]; then by=nixos; fi
  [ "$firewalld" != active ] || by=firewalld
  # No tool to ask with, and the kernel keeps no tables of either: nobody filters.
  if [ "$by" = unknown ] && [ "$am_root" = true ] && ! command -v iptables >/dev/null 2>&1 && ! command -v nft >/dev/null 2>&1 &&
    [ -r "$root/proc/modules" ] && ! grep -Eq '^(nf_tables|ip_tables|iptable_filter) ' "$root/proc/modules"; then
    by=none read_any=true
  fi
  # The chain that stands in the way; where both keep rules, its owner rules.
  walked "$lines"
  case $by:$blocking in
    nftables:INPUT | iptables:INPUT) by=iptables chain=INPUT ;;
    nftables:?*) chain=$blocking ;;
    iptables:*) chain=INPUT ;;
    nftables:) chain=$passing ;;
  esac
  case $by in
    nftables) [ ! -e "$root/etc/nftables.conf" ] || kept=$root/etc/nftables.conf
      [ ! -e "$root/etc/sysconfig/nftables.conf" ] || kept=$root/etc/sysconfig/nftables.conf ;;
    iptables)
      case $client in *:*) version=6 ;; *) version=4 ;; esac
      six=''; [ "$version" = 4 ] || six=6
      for file in "$root/etc/iptables/rules.v$version" "$root/etc/iptables/ip${six}tables.rules" \
        "$root/etc/iptables/rules${six}-save" "$root/etc/sysconfig/ip${six}tables"; do
        if [ -e "$file" ]; then kept=$file; break; fi
      done ;;
  esac
  opens=''
  for port in $ssh_port $cache_port; do
    case "$read_any:$client_known:$shut:$unsure" in
      true:true:*" $port "*:*) open=false ;;
      true:true:*:*" $port "*) open=null ;;
      true:true:*) open=true ;;
      *) open=null ;;
    esac
    opens="$opens${opens:+,}{\"port\":$port,\"open\":$open}"
  done
  quoted "$zone"; zone=$quoted
  quoted "$kept"; kept=$quoted
  quoted "$chain"; chain=$quoted
  quoted "$in_way"
  tell firewall "{\"by\":\"$by\",\"open\":[$opens],\"zone\":$zone,\"keptIn\":$kept,\"chain\":$chain,\"inWay\":$quoted}"
}
