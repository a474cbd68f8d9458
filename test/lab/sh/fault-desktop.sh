# Prepended to every fault script that runs on a desktop. Given: desktop, address, laptop (address), lab, here.

back() { offload-lab-golden back "$@"; }
quiet() { "$@" >/dev/null 2>&1 || :; }

# A limit on starts in a short time is for real life, not for a test that breaks a unit ten times a minute.
restart() { quiet systemctl reset-failed "$@"; systemctl restart "$@"; }

# await PORT: until something listens there again.
await() {
  local end=$((SECONDS + 30))
  until ss -Hltn "sport = :$1" | grep -q .; do
    [ $SECONDS -lt $end ] || { echo "nothing listens on $1" >&2; return 1; }
    sleep 0.02
  done
}

# impostor NAME PORT PYTHON: a transient unit of another program on a port.
impostor() {
  quiet systemctl stop "$1"
  quiet systemctl reset-failed "$1"
  systemd-run --quiet --collect --unit="$1" -p KillMode=mixed -p TimeoutStopSec=1 python3 -c "$3"
  await "$2"
}

# A desktop's sshd as it was: its files, its port, no memory of who behaved badly.
sshd_well() {
  quiet systemctl stop lab-ssh-impostor
  back /etc/ssh
  restart ssh
  await 22
}

cache_well() {
  quiet systemctl stop lab-cache-impostor
  rm -rf /etc/systemd/system/nix-serve.service.d
  back /var/cache-priv-key.pem /var/cache-pub-key.pem /etc/systemd/system/nix-serve.service
  systemctl daemon-reload
  restart nix-serve
  await 5000
}

# cache_env LINE...: nix-serve with other settings.
cache_env() {
  mkdir -p /etc/systemd/system/nix-serve.service.d
  { echo '[Service]'; printf '%s\n' "$@"; } >/etc/systemd/system/nix-serve.service.d/lab.conf
  systemctl daemon-reload
  restart nix-serve
  await 5000
}

# signing_key NAME: another secret key, owned as the old one.
signing_key() {
  rm -f /var/cache-priv-key.pem /var/cache-pub-key.pem
  nix-store --generate-binary-cache-key "$1" /var/cache-priv-key.pem /var/cache-pub-key.pem
  chown nix-serve:nix-serve /var/cache-priv-key.pem
  chmod 600 /var/cache-priv-key.pem
}

# Packets from the laptop that a chain of ours drops; rules of others stay.
drop() {
  local chain=lab-$1
  shift
  quiet iptables -N "$chain"
  iptables -F "$chain"
  iptables -C INPUT -j "$chain" 2>/dev/null || iptables -I INPUT -j "$chain"
  iptables -A "$chain" -s "$laptop" "$@" -j DROP
}
undrop() {
  quiet iptables -D INPUT -j "lab-$1"
  quiet iptables -F "lab-$1"
  quiet iptables -X "lab-$1"
}

builder_home=/var/lib/nix-builder
daemon_well() {
  back /etc/nix
  quiet systemctl stop nix-daemon.service # a running service keeps its socket unit from starting
  restart nix-daemon.socket
  restart nix-daemon.service
}
