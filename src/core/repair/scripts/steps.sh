# shellcheck shell=sh
# Runs steps one after the other and tells how each went, on stdout: "@TOKEN {json}" a change, all else is output.
# A step is three functions: check_N (is it so already?), do_N, undo_N. The first that fails ends the run.
# shellcheck disable=SC2034 # taken_back, last_backup: read by what sh.ts writes
token='' why='' what='' taken_back='' last_backup='' doing='' doing_id='' cut='' watcher='' clock=''

tell() {
  printf '\n@%s {"id":"%s","state":"%s"' "$token" "$1" "$2"
  if [ -n "${backup-}" ]; then printf ',"backup":'; json "$backup"; fi
  case $2:$why in
    failed:?* | rolled-back:?*)
      printf ',"cause":'; json "$why"
      printf ',"what":'; json "$what"
      ;;
  esac
  printf '}\n'
}
# at_end CODE: what a topic has to do at the end of the run, whoever ends it.
at_end() { :; }

# children PID: its child processes, but for our own helpers.
children() {
  if ! kids=$(cat "/proc/$1/task/$1/children" 2>/dev/null); then kids=$(ps -o pid= --ppid "$1" 2>/dev/null); fi
  for kid in $kids; do
    case $kid in "$watcher" | "$2") ;; *) printf '%s\n' "$kid" ;; esac
  done
}
# start_clock SECONDS: ends whatever the step is waiting for when its time is over, so that the step fails and is undone.
start_clock() {
  (
    nap='' stopped=''
    trap - EXIT HUP INT PIPE
    # Noted, and not at once the end: it may come while the sleep is being started, which would be left behind.
    trap 'stopped=yes; [ -z "$nap" ] || kill "$nap" 2>/dev/null' TERM
    sleep "$1" >/dev/null 2>&1 3<&- &
    nap=$!
    [ -z "$stopped" ] || kill "$nap" 2>/dev/null
    wait "$nap"
    [ -z "$stopped" ] || exit 0
    self=$(exec sh -c 'echo "$PPID"')
    say "it took more than $1 seconds"
    for kid in $(children "$$" "$self"); do kill -TERM "$kid" 2>/dev/null; done
    sleep 3 3<&-
    for kid in $(children "$$" "$self"); do kill -KILL "$kid" 2>/dev/null; done
  ) &
  clock=$!
}
is_running() { read -r _ _ phase _ 2>/dev/null <"/proc/$1/stat" && [ "$phase" != Z ]; }
stop_clock() {
  [ -n "$clock" ] || return 0
  kill "$clock" 2>/dev/null
  # Again: dash loses a signal that comes between a fork and the clearing of its traps, and waits the whole time then.
  tries=0
  while is_running "$clock"; do
    tries=$((tries + 1))
    # It ends within a millisecond, which is shorter than any sleep.
    if [ "$tries" -gt 100 ]; then sleep 0.02 2>/dev/null || sleep 1; fi
    kill "$clock" 2>/dev/null
  done
  wait "$clock" 2>/dev/null
  clock=''
}

# undo_cut: somebody ended us amid a step: it is undone as far as it came, and told as cancelled; with "stays" where what
# it did stays.
undo_cut() {
  [ -n "$doing_id" ] || return 0
  ended=$doing_id doing_id='' last_backup=$backup backup='' stays=''
  case $cut in
    undo) "undo_$doing" </dev/null >/dev/null 2>&1 || stays=yes ;;
    stays) stays=yes ;;
    # A topic's at_end saw to it, or something goes on without us.
    topic) [ "$1" -gt 1 ] && ! goes_on || return 0 ;;
  esac
  tidy
  if [ -n "$stays" ]; then printf '\n@%s {"id":"%s","state":"cancelled","takenBack":"no"}\n' "$token" "$ended"
  else tell "$ended" cancelled
  fi
}
# goes_on: whether what a topic does goes on without us, and tells its end to others.
goes_on() { false; }

# step ID N SECONDS CUT: 0 seconds for no limit. CUT, what becomes of it where it is cut off: "undo", "whole" (nothing
# half-done can be left), "stays", "topic" (see at_end). A do_N that fails may say why: a cause's code in why, and in what the words that belong to it.
step() {
  backup='' why='' what=''
  tell "$1" running
  if "check_$2"; then tell "$1" unchanged; return; fi
  [ "$3" = 0 ] || start_clock "$3"
  doing=$2 doing_id=$1 cut=$4
  if "do_$2" </dev/null && "check_$2"; then doing_id=''; stop_clock; tell "$1" "done"; return; fi
  doing_id=''
  stop_clock
  last_backup=$backup backup=''
  if "undo_$2" </dev/null; then tell "$1" rolled-back; else tell "$1" failed; fi
  exit 1
}

# Ends us when the other side hangs up: stdin stays open as long as somebody waits for the end. The trap waits for the
# command that runs: one that takes long is ended, too.
watch_link() {
  whole=$$
  (
    trap - EXIT
    while IFS= read -r _; do :; done
    kill -TERM "$whole" 2>/dev/null
    sleep 2 >/dev/null 2>&1 3<&-
    self=$(exec sh -c 'echo "$PPID"')
    for kid in $(children "$whole" "$self"); do kill -TERM "$kid" 2>/dev/null; done
  ) <&3 &
  watcher=$!
}

wind_up() {
  trap '' TERM HUP INT PIPE
  kill "$watcher" ${clock:+"$clock"} 2>/dev/null
  at_end "$1"
  tidy
  undo_cut "$1"
}
# begin TOKEN, then steps, then exit.
begin() {
  token=$1
  exec 2>&1
  exec 3<&0
  trap 'exit 143' TERM HUP INT PIPE
  watch_link
  # Whoever ends us: nothing half-made stays, and nobody keeps the connection's pipes open, or ends what is being undone.
  trap 'wind_up "$?"' EXIT
}

# own_if_there OWNER PATH
own_if_there() { [ ! -e "$2" ] || chown -h -- "$1" "$2"; }
has_user() { id -u -- "$1" >/dev/null 2>&1; }
has_shell() { case $(getent passwd "$1") in *":$2") return 0 ;; *) return 1 ;; esac; }
is_unlocked() {
  case $(getent shadow "$1") in "$1":'!'*) return 1 ;; esac
  day=$(getent shadow "$1" | cut -d: -f8)
  [ -z "$day" ] || [ "$day" -gt "$(($(date +%s) / 86400))" ]
}
# is_like PATH KIND OWNER MODE: KIND as stat names it; OWNER or MODE "" where they do not matter.
is_like() {
  looks=$(stat -c '%U:%a:%F' -- "$1" 2>/dev/null) || return 1
  owner_now=${looks%%:*} looks=${looks#*:}
  mode_now=${looks%%:*} kind_now=${looks#*:}
  case $kind_now in "$2"*) ;; *) return 1 ;; esac
  [ -z "$3" ] || [ "$owner_now" = "$3" ] || return 1
  [ -z "$4" ] || [ "$mode_now" = "$4" ]
}
# is_in_group USER GROUP, by the account's own entry: a session begun before may not know yet.
is_in_group() { case " $(id -nG -- "$1" 2>/dev/null) " in *" $2 "*) ;; *) return 1 ;; esac; }
is_link() { [ "$(readlink -- "$2" 2>/dev/null)" = "$1" ]; }
