#!/bin/bash
# Keeps one lab, from outside its namespaces: starts it, kills it when its owner dies, and removes its files at the end.
# keeper.sh LAB_FOLDER. Descriptor 3 is the owner's lifeline: closed = the owner is dead; the line "detach" = live on without.
set -u
lab=$1
here=$(dirname "$(readlink -f "$0")")
. "$here/cgroup.sh"

inside=
stopping=
# The lab's PID 1 is killed and the kernel ends everything under it; unshare, its parent, returns only after that.
end_lab() {
  local init
  init=$(cat "/proc/$inside/task/$inside/children" 2>/dev/null) || return 0
  kill -KILL ${init:-$inside} 2>/dev/null
}
trap 'stopping=1; end_lab' TERM INT
trap '' HUP

unshare --mount --net --pid --uts --fork --kill-child=KILL --propagation private \
  bash "$here/init.sh" "$lab" 3<&- &
inside=$!
[ -z "$stopping" ] || end_lab
# Made here, not by the watcher: a mkdir of its own may outlive it, and put the folder back when all is removed.
watched="$(lab_cgroup "$lab")/watcher"
make_cgroup "$watched"
(
  trap '' INT TERM
  echo "$BASHPID" >"$watched/cgroup.procs" # so that `down` finds it even after its parent was killed
  while read -r line <&3; do [ "$line" != detach ] || exit 0; done
  end_lab
) &
watcher=$!
exec 3<&-

while kill -0 "$inside" 2>/dev/null; do wait "$inside"; done
kill -KILL "$watcher" 2>/dev/null
wait "$watcher" 2>/dev/null
remove_cgroups "$lab"
remove_folder "$lab"
