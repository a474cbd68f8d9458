# shellcheck shell=sh disable=SC2034 # read by survey-firewall-rules.sh
# Whether one rule matches the first packet of a new connection from the laptop: functions of awk. 0 no, 1 yes, 2 perhaps.

match_rules='
    function bits(addr,   part, n, i, k, out, half, left, word, value) {
      out = ""
      if (addr ~ /^[0-9.]+$/) {
        if (split(addr, part, ".") != 4) return ""
        for (i = 1; i <= 4; i++) out = out binary(part[i] + 0, 8)
        return out
      }
      if (addr !~ /^[0-9a-f:.]+$/ || addr ~ /\./) return ""
      n = split(addr, half, "::")
      left = split(half[1], part, ":")
      for (i = 1; i <= left; i++) out = out binary(hex(part[i]), 16)
      if (n < 2) return out
      k = split(half[2], part, ":")
      word = ""
      for (i = 1; i <= k; i++) word = word binary(hex(part[i]), 16)
      while (length(out) + length(word) < 128) out = out "0"
      return out word
    }
    function binary(value, width,   out) {
      out = ""
      while (width-- > 0) { out = (value % 2) out; value = int(value / 2) }
      return out
    }
    function hex(text,   i, n) {
      n = 0
      for (i = 1; i <= length(text); i++) n = n * 16 + index("0123456789abcdef", tolower(substr(text, i, 1))) - 1
      return n
    }
    # 0 no, 1 yes, 2 perhaps
    function inside(addr, net,   at, p, a, b) {
      if (addr == "") return 2
      at = index(net, "/")
      p = at ? substr(net, at + 1) : -1
      if (at) net = substr(net, 1, at - 1)
      a = bits(tolower(addr)); b = bits(tolower(net))
      if (a == "" || b == "" || p !~ /^-?[0-9]+$/) return 2
      if (length(a) != length(b)) return 0
      if (p < 0) p = length(a)
      return substr(a, 1, p) == substr(b, 1, p) ? 1 : 0
    }
    function same_iface(name) {
      if (name == "lo") return client == "127.0.0.1" || client == "::1" ? 1 : 0
      if (iface == "") return 2
      if (name ~ /[+*]$/) return index(iface, substr(name, 1, length(name) - 1)) == 1 ? 1 : 0
      return name == iface ? 1 : 0
    }
    function port_in(list,   part, n, i, ends) {
      gsub(/[{} \t]/, "", list)
      n = split(list, part, ",")
      for (i = 1; i <= n; i++) {
        if (part[i] !~ /^[0-9]+([:-][0-9]+)?$/) return 2
        if (split(part[i], ends, /[:-]/) == 1) ends[2] = ends[1]
        if (port >= ends[1] + 0 && port <= ends[2] + 0) return 1
      }
      return 0
    }
    function not_(m) { return m == 2 ? 2 : 1 - m }
    function both(a, b) { return a == 0 || b == 0 ? 0 : (a == 2 || b == 2 ? 2 : 1) }
    # words LINE: into W[1..]; what is quoted is one word.
    function words(line,   n, c, i, word, open, any) {
      n = 0; word = ""; any = 0
      for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "\\" && open) { i++; word = word substr(line, i, 1); continue }
        if (c == "\"") { open = !open; any = 1; continue }
        if (!open && (c == " " || c == "\t")) { if (word != "" || any) W[++n] = word; word = ""; any = 0; continue }
        word = word c
      }
      if (word != "" || any) W[++n] = word
      return n
    }

    # ipt_rule LINE: whether it matches a first packet of ours; its target into target, and gone where it is a goto.
    function ipt_rule(line,   n, i, m, one, no, w) {
      n = words(line); m = 1; target = ""; gone = 0; no = 0
      for (i = 3; i <= n; i++) {
        w = W[i]
        if (w == "!") { no = 1; continue }
        if (w == "-j" || w == "-g") { target = W[i + 1]; gone = w == "-g"; break }
        one = 2
        if (w == "-m" || w == "--comment") { i++; no = 0; continue }
        else if (w == "-p") one = W[++i] ~ /^(tcp|6|all)$/ ? 1 : 0
        else if (w == "-s") one = inside(client, W[++i])
        else if (w == "-d") one = inside(ENVIRON["dst"], W[++i])
        else if (w == "-i") one = same_iface(W[++i])
        else if (w == "--dport" || w == "--dports") one = port_in(W[++i])
        else if (w == "--ctstate" || w == "--state") one = ("," W[++i] ",") ~ /,NEW,/ ? 1 : 0
        else if (w == "--dst-type") one = ("," W[++i] ",") ~ /,LOCAL,/ ? 1 : 0
        else if (w == "--tcp-flags") { one = ("," W[i + 1] ",") ~ /,SYN,/ ? W[i + 2] == "SYN" : W[i + 2] == "NONE"; i += 2 }
        else if (w == "--syn") one = 1
        else if (w == "-f" || w == "--icmp-type" || w == "--icmpv6-type") one = 0
        m = both(m, no ? not_(one) : one)
        no = 0
      }
      return m
    }
    # operand AT, of a set in braces, of a named one, or alone: into held; gives where it ends.
    function operand(at, n) {
      held = W[at]
      if (held ~ /^@/) { held = elements[table, substr(held, 2)]; if (held == "") held = "?"; return at }
      if (held != "{") { while (held ~ /,$/ && at < n) held = held W[++at]; return at }
      held = ""
      while (at < n && W[++at] != "}") held = held W[at] " "
      return at
    }
    function any_of(kind, list,   part, n, i, m, one) {
      gsub(/,/, " ", list)
      n = split(list, part, " "); m = 0
      for (i = 1; i <= n; i++) {
        if (kind == "iface") one = same_iface(part[i])
        else if (kind == "src") one = inside(client, part[i])
        else if (kind == "dst") one = inside(ENVIRON["dst"], part[i])
        else if (kind == "state") one = part[i] == "new"
        else if (kind == "proto") one = part[i] == "tcp" || part[i] == "6"
        else if (kind == "nfproto") one = part[i] == (client ~ /:/ ? "ipv6" : "ipv4")
        else if (kind == "pkttype") one = part[i] == "host"
        else one = 2
        if (one == 1) return 1
        if (one == 2) m = 2
      }
      return m
    }
    # verdict map: "a : accept, b : jump x" into target.
    function vmap(kind, list,   part, n, i, pair, hit) {
      n = split(list, part, ",")
      for (i = 1; i <= n; i++) {
        split(part[i], pair, " : ")
        gsub(/^ +| +$/, "", pair[1]); gsub(/^ +| +$/, "", pair[2])
        hit = kind == "port" ? port_in(pair[1]) : any_of(kind, pair[1])
        if (hit == 2) { target = "?"; return 2 }
        if (hit == 1) { nft_verdict(pair[2]); return 1 }
      }
      return 0
    }
    function nft_verdict(text,   part) {
      split(text, part, " ")
      target = part[1]; gone = part[1] == "goto"
      if (part[1] == "jump" || part[1] == "goto") target = "=" part[2]
    }
    function nft_rule(line,   n, i, m, one, no, w, kind) {
      gsub(/[{}]/, " & ", line)
      n = words(line); m = 1; target = ""; gone = 0
      for (i = 1; i <= n; i++) {
        w = W[i]; kind = ""; one = 2
        if (w == "accept" || w == "drop" || w == "reject" || w == "return" || w == "queue" || w == "continue") { target = w; break }
        if (w == "jump" || w == "goto") { nft_verdict(w " " W[i + 1]); break }
        if (w == "counter") { if (W[i + 1] == "packets") i += 4; continue }
        if (w == "comment" || w == "prefix" || w == "level" || w == "flags" || w == "group") { i++; continue }
        if (w == "log") continue
        if (w == "iif" || w == "iifname") kind = "iface"
        else if ((w == "ip" || w == "ip6") && (W[i + 1] == "saddr" || W[i + 1] == "daddr")) { kind = W[++i] == "saddr" ? "src" : "dst" }
        else if ((w == "ip" && W[i + 1] == "protocol") || (w == "ip6" && W[i + 1] == "nexthdr") || (w == "meta" && W[i + 1] == "l4proto")) { kind = "proto"; i++ }
        else if (w == "meta" && (W[i + 1] == "nfproto" || W[i + 1] == "pkttype" || W[i + 1] == "iifname")) { kind = W[++i] == "iifname" ? "iface" : W[i] }
        else if ((w == "tcp" || w == "th") && W[i + 1] == "dport") { kind = "port"; i++ }
        else if (w == "ct" && W[i + 1] == "state") { kind = "state"; i++ }
        else if (w == "ct" && W[i + 1] == "status" && W[i + 2] == "dnat") return 0 # we come to its own address
        else if (w == "udp" || w == "icmp" || w == "icmpv6" || w == "igmp" || w == "arp" || w == "sctp" || w == "dccp" || w == "esp" || w == "ah") return 0
        else if (w == "fib" && W[i + 1] == "daddr" && W[i + 2] == "type" && W[i + 3] == "local") { i += 3; continue }
        if (kind == "") { m = both(m, 2); continue }
        i++
        no = W[i] == "!="
        if (no || W[i] == "==") i++
        if (W[i] == "vmap") {
          i = operand(i + 1, n)
          one = vmap(kind, held)
          return both(m, one)
        }
        i = operand(i, n)
        one = kind == "port" ? port_in(held) : any_of(kind, held)
        m = both(m, no ? not_(one) : one)
        if (m == 0) return 0
      }
      return m
    }
'
