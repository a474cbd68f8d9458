# Prepended to every fault script that runs on the laptop (as root). Given: desktop, address, laptop, lab, here.
. "$here/laptop-daemon.sh"

# back PATH...: as it was when the lab came up.
back() {
  local path
  for path; do
    rm -rf "$path"
    [ ! -e "/lab/golden$path" ] || cp -a "/lab/golden$path" "$path"
  done
}

# set_nix NAME VALUE: one setting of nix.conf; the daemon reads it at its start.
set_nix() {
  sed -i "/^$1 *=/d" /etc/nix/nix.conf
  echo "$1 = $2" >>/etc/nix/nix.conf
  restart_daemon
}

# back_nix NAME: that one setting as it was; the others stay.
back_nix() {
  sed -i "/^$1 *=/d" /etc/nix/nix.conf
  grep "^$1 *=" /lab/golden/etc/nix/nix.conf >>/etc/nix/nix.conf || :
  restart_daemon
}

restart_daemon() {
  stop_daemon
  start_daemon
}

# What Nix remembers of a cache for a week (cache-info) or an hour (no such path) must not outlive a fault.
forget_cache() { rm -f /root/.cache/nix/binary-cache-v* /lab/home/.cache/nix/binary-cache-v*; }

# row FIELD VALUE: one column (0 = uri) of the machines rows of this desktop.
row() {
  [ -f /etc/nix/machines ] || return 0
  awk -v host="@$desktop" -v field="$(($1 + 1))" -v value="$2" \
    'index($1, host) && substr($1, length($1) - length(host) + 1) == host { $field = value } { print }' \
    /etc/nix/machines >/etc/nix/machines.new
  chmod 644 /etc/nix/machines.new
  mv /etc/nix/machines.new /etc/nix/machines
}
