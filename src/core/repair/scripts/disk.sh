# shellcheck shell=sh
# Frees what nothing in the store needs. Generations of profiles stay: no "-d".
# shellcheck disable=SC2034 # read by the step's check, which sh.ts writes
collected=''

# collect_garbage BIN: it may take minutes, and Nix says what it does.
collect_garbage() {
  "$1/nix-collect-garbage" && df -h /nix/store && collected=yes
}
