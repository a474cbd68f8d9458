#!/bin/bash
# Keeps one lab, from outside its namespaces: starts it, kills it when its owner dies, and removes its files at the end.
# keeper.sh LAB_FOLDER. Descriptor 3 is the owner's lifeline: closed = the owner is dead; the line "detach" = live on without.
set -u
lab=$1
here=$(dirname "$(readlink -f "$0")")
. "$here/cgroup.sh"

unshare --mount --net --pid --uts --fork --kill-child=KILL --propagation private \
  bash "$here/init.sh" "$lab" 3<&- &
inside=$!
# unshare is killed, its child (the lab's PID 1) dies by --kill-child, and the kernel ends everything under it.
(
  trap '' INT TERM HUP
  while read -r line <&3; do [ "$line" != detach ] || exit 0; done
  kill -KILL "$inside" 2>/dev/null
) &
watcher=$!
exec 3<&-
trap 'kill -KILL "$inside" 2>/dev/null' TERM INT
trap '' HUP

while kill -0 "$inside" 2>/dev/null; do wait "$inside"; done
kill -KILL "$watcher" 2>/dev/null
remove_cgroups "$lab"
remove_folder "$lab"
