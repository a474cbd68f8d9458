#!/bin/bash
# The laptop's users, configuration and daemon, written from inside: laptop-files.sh LAB_FOLDER.
set -eu
lab=$1
. "$lab/config"

sed -i '/^nixbld/d; /^alice:/d; /^nix-users:/d' /etc/passwd /etc/group /etc/shadow 2>/dev/null || :
members=
for i in 1 2 3 4; do
  echo "nixbld$i:x:$((31700 + i)):31700:Nix build user $i:/var/empty:/usr/sbin/nologin" >>/etc/passwd
  members="$members${members:+,}nixbld$i"
done
echo "nixbld:x:31700:$members" >>/etc/group
echo 'alice:x:2001:2001:Alice:/lab/home:/bin/bash' >>/etc/passwd
echo 'alice:x:2001:' >>/etc/group
echo 'alice:*:19000:0:99999:7:::' >>/etc/shadow
chown 2001:2001 /lab/home
chmod 755 /lab/home
install -d -o 2001 -g 2001 -m 700 /run/user /run/user/2001
chmod 755 /run/user

# Names come from /etc/hosts alone: the laptop is on no other network, and an unknown name must fail at once.
sed -i '/^hosts:/d' /etc/nsswitch.conf
echo 'hosts: files' >>/etc/nsswitch.conf
printf '127.0.0.1 localhost laptop\n' >/etc/hosts
echo laptop >/etc/hostname

rm -rf /etc/nix /root/.ssh /etc/ssh/ssh_known_hosts
mkdir -p /etc/nix /etc/ssh
mkdir -m 700 /root/.ssh
install -m 600 -o 0 -g 0 "$lab/builder_key" /etc/nix/builder_key
install -m 644 "$lab/builder_key.pub" /etc/nix/builder_key.pub
rm "$lab/builder_key"

substituters='' keys=''
printf '# uri systems key jobs speed features mandatory host-key\n' >/etc/nix/machines
for n in $(seq 1 "$desktops"); do
  dir="$lab/desktops/$n"
  name=$(cat "$dir/name")
  echo "10.77.0.$((n + 1)) $name" >>/etc/hosts
  substituters="$substituters http://$name:5000"
  [ ! -f "$dir/cache-pub-key" ] || keys="$keys $(cat "$dir/cache-pub-key")"
  pinned=$(base64 -w0 "$dir/ssh_host_ed25519_key.pub")
  echo "$scheme://nix-builder@$name x86_64-linux /etc/nix/builder_key 4 1 benchmark,big-parallel - $pinned" >>/etc/nix/machines
  for pub in "$dir"/ssh_host_*_key.pub; do
    echo "$name,10.77.0.$((n + 1)) $(cut -d' ' -f1,2 "$pub")" >>/root/.ssh/known_hosts
  done
done
cat >/etc/nix/nix.conf <<CONF
# sandbox off: see the desktop's nix.conf
sandbox = false
build-users-group = nixbld
max-jobs = 2
builders = @/etc/nix/machines
substituters =$substituters
trusted-public-keys =$keys
fallback = true
connect-timeout = 2
download-attempts = 2
CONF
chmod 644 /etc/nix/nix.conf /etc/nix/machines /etc/hosts

# What mending puts back.
mkdir -m 700 /lab/golden
cp -a --parents /etc/nix /etc/hosts /root/.ssh /lab/golden/

. "$(dirname "$(readlink -f "$0")")/laptop-daemon.sh"
start_daemon

mkfifo /run/lab-for-ever
exec 9<>/run/lab-for-ever
while :; do read -r _ <&9 || :; done # bash reaps a killed daemon meanwhile
