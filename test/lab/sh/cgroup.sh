# Sourced: the lab's branch of the cgroup tree, which is the one thing of it that its namespaces do not hold.

# The cgroup2 file system: at the top on a unified host, beside the old hierarchies on a hybrid one.
cgroup_top() {
  if [ -f /sys/fs/cgroup/cgroup.procs ]; then echo /sys/fs/cgroup; else echo /sys/fs/cgroup/unified; fi
}

# lab_cgroup LAB_FOLDER
lab_cgroup() { echo "$(cgroup_top)/offload-tray-lab/$(basename "$1")"; }

# make_cgroup DIR: the last lab that goes takes the empty cgroup of all labs along, maybe between two steps of our mkdir.
make_cgroup() {
  local tries=0
  until mkdir -p "$1" 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { mkdir -p "$1"; return; }
  done
}

# join_cgroup NAME: the calling shell moves into the lab's cgroup NAME (made if missing).
join_cgroup() {
  local dir
  dir="$(lab_cgroup "$lab")/$1"
  make_cgroup "$dir"
  echo $BASHPID >"$dir/cgroup.procs"
}

# Kills what is still in the lab's cgroup and removes it, in the old hierarchies too where systemd made one there.
remove_cgroups() {
  local dir tries=0
  dir=$(lab_cgroup "$1")
  if [ -f "$dir/cgroup.kill" ]; then
    echo 1 >"$dir/cgroup.kill"
  elif [ -d "$dir" ]; then # a kernel before 5.14
    find "$dir" -name cgroup.procs -exec cat {} + | while read -r pid; do kill -KILL "$pid" 2>/dev/null; done
  fi
  while [ -d "$dir" ] && [ $tries -lt 100 ]; do
    find "$dir" -depth -type d -exec rmdir {} + 2>/dev/null
    [ ! -d "$dir" ] || sleep 0.05
    tries=$((tries + 1))
  done
  find /sys/fs/cgroup -mindepth 2 -depth -type d \( -path "*/offload-tray-lab/$(basename "$1")" -o -path "*/offload-tray-lab/$(basename "$1")/*" \) -exec rmdir {} + 2>/dev/null
  find /sys/fs/cgroup -mindepth 2 -maxdepth 2 -type d -name offload-tray-lab -exec rmdir {} + 2>/dev/null
  rmdir "$(dirname "$dir")" 2>/dev/null
  return 0
}

# The folder, after making sure that no mount of the host (there should be none) stands below it.
remove_folder() {
  if grep -q " $1/" /proc/self/mounts; then
    echo "not removing $1: something is mounted in it" >&2
    return 1
  fi
  rm -rf --one-file-system "$1"
  rmdir "$(dirname "$1")" 2>/dev/null
  return 0
}
