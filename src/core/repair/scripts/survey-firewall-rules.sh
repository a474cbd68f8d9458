# shellcheck shell=sh disable=SC2154 # client, ports and our side come from survey.sh and survey-firewall.sh
# The firewall's rules, walked as the kernel does for the first packet of a new connection from the laptop. A condition
# that is not understood may hold or not: where that could change the end, the verdict is "unknown".

# walk_rules: of "iptables -S" behind a line "@iptables" and "nft list ruleset" behind "@nft", per port a line
# "PORT VERDICT CHAIN" for each base chain: accept, drop, unknown. "why PORT RULE" of what drops it for sure. Also "zone NAME" of firewalld, "has WORD", and at the end "walked".
walk_rules() {
  src=$client dst=$own_address iface=$own_iface ports="$ssh_port $cache_port" awk "$match_rules"'
    # walk CHAIN: how a packet may leave it, as letters: accepted, dropped, returned.
    function walk(chain, depth,   i, m, ends, to, jumps, sub_ends, is_goto) {
      if (depth > 25) return "ADR"
      ends = ""
      for (i = 1; i <= size[chain]; i++) {
        m = chain ~ /^@/ ? ipt_rule(rule[chain, i]) : nft_rule(rule[chain, i])
        if (m == 0 || target == "") continue
        to = target; is_goto = gone; jumps = ""
        if (to == "ACCEPT" || to == "accept") sub_ends = "A"
        else if (to == "DROP" || to == "REJECT" || to == "drop" || to == "reject") sub_ends = "D"
        else if (to == "RETURN" || to == "return") { sub_ends = "R"; is_goto = 1 }
        else if (to == "continue" || to ~ /^(LOG|NFLOG|ULOG|MARK|CONNMARK|SECMARK|CONNSECMARK|TCPMSS|AUDIT|TRACE|SET|CT|NOTRACK)$/) continue
        else {
          jumps = chain ~ /^@/ ? "@" to : table_of[chain] " " substr(to, 2)
          if (chain !~ /^@/ && to !~ /^=/) jumps = ""
          if (chain ~ /ZONES/ && jumps ~ / filter_IN_/ && zone == "") { zone = jumps; sub(/^.* filter_IN_/, "", zone) }
          if (jumps == "" || !(jumps in size)) sub_ends = "ADR"
          else {
            if (chain !~ /^@/) table = table_of[jumps]
            sub_ends = walk(jumps, depth + 1)
            if (chain !~ /^@/) table = table_of[chain]
          }
        }
        if (m == 1 && sub_ends == "D" && why == "") why = chain ~ /^@/ ? rule[chain, i] : chain " " rule[chain, i]
        if (index(sub_ends, "A")) ends = ends "A"
        if (index(sub_ends, "D")) ends = ends "D"
        if (index(sub_ends, "R") && is_goto) ends = ends "R"
        if (m == 1 && (is_goto || !index(sub_ends, "R"))) return ends
      }
      return ends "R"
    }
    function judge(chain, name,   ends, policy_end) {
      table = table_of[chain]; why = ""
      ends = walk(chain, 0)
      policy_end = policy[chain] == "drop" ? "D" : "A"
      if (index(ends, "R")) ends = ends policy_end
      gsub(/R/, "", ends)
      if (ends ~ /^D+$/ && why != "") print "why", port, why
      print port, ends ~ /^A+$/ ? "accept" : (ends ~ /^D+$/ ? "drop" : "unknown"), name
    }

    BEGIN { client = ENVIRON["src"]; iface = ENVIRON["iface"]; family = client ~ /:/ ? "ip6" : "ip" }
    /^@(iptables|nft)$/ { mode = $1; next }
    mode == "@iptables" && $1 == "-P" { policy["@" $2] = $3 == "ACCEPT" ? "accept" : "drop"; size["@" $2] += 0; next }
    mode == "@iptables" && $1 == "-N" { size["@" $2] += 0; if ($2 ~ /^ufw6?-user-input$/) print "has ufw"; if ($2 == "nixos-fw") print "has nixos"; next }
    mode == "@iptables" && $1 == "-A" { rule["@" $2, ++size["@" $2]] = $0; next }
    mode != "@nft" { next }
    /^#/ { if ($0 ~ /managed by iptables-nft/) managed = 1; next }
    /^table / { table = $2 " " $3; if ($3 == "nixos-fw") print "has nixos"; place = "table"; next }
    place == "table" && /^[ \t]+chain / { chain = table " " $2; table_of[chain] = table; size[chain] += 0; place = "chain"; pending = ""; next }
    place == "table" && /^[ \t]+(set|map) / { set_name = $2; set_text = ""; place = "set"; next }
    place == "table" && /\{[ \t]*$/ { place = "other"; next }
    place == "set" || place == "other" {
      set_text = set_text " " $0
      if ($0 ~ /^\t\}/) {
        if (place == "set" && match(set_text, /elements = \{[^}]*\}/)) {
          set_text = substr(set_text, RSTART + 12, RLENGTH - 13)
          elements[table, set_name] = set_text
        }
        place = "table"
      }
      next
    }
    place == "chain" && /^\t\}/ { place = "table"; next }
    place == "chain" {
      line = pending $0
      opened = gsub(/\{/, "{", line); closed = gsub(/\}/, "}", line)
      if (opened > closed) { pending = line " "; next }
      pending = ""
      if (line ~ /^[ \t]*type /) {
        if (line ~ /type filter hook input /) base[++bases] = chain
        policy[chain] = line ~ /policy drop/ ? "drop" : "accept"
        next
      }
      sub(/^[ \t]+/, "", line)
      if (line != "") rule[chain, ++size[chain]] = line
    }
    END {
      n = split(ENVIRON["ports"], wanted, " ")
      if (size["@INPUT"] > 0 || policy["@INPUT"] == "drop") print "has iptables"
      for (b = 1; b <= bases; b++) {
        split(base[b], of, " ")
        # What iptables made of nft is judged as iptables.
        if (of[1] != "inet" && of[1] != family) continue
        if (("@INPUT" in policy) && of[2] == "filter" && of[3] == "INPUT") continue
        mine[++mines] = base[b]
        if (size[base[b]] > 0 || policy[base[b]] == "drop") print "has nftables"
      }
      for (w = 1; w <= n; w++) {
        port = wanted[w] + 0
        if ("@INPUT" in policy) judge("@INPUT", "INPUT")
        for (b = 1; b <= mines; b++) judge(mine[b], mine[b])
      }
      if (zone != "") print "zone", zone
      print "walked"
    }'
}
