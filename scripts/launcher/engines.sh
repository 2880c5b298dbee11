# shellcheck shell=bash
# The embedded Postgres and Redis are the service's own to start and stop. A service that was killed leaves them, and what
# `up` started, `up` ends.

# The pids of the engines of this DATA_DIR: their programs were unpacked there, so a program from there is one of them. Without
# the processes that Postgres forks, which end with it.
engine_pids() {
  local link pid parent
  for link in /proc/[0-9]*/exe; do
    runs_engine "$link" || continue
    pid=${link//[!0-9]/}
    parent=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status" 2>/dev/null) || continue
    runs_engine "/proc/$parent/exe" || printf '%s\n' "$pid"
  done
}

runs_engine() {
  local program
  program=$(readlink -- "$1" 2>/dev/null) || return 1
  [[ $program == "$DATA_DIR/engines/"* ]]
}

# SIGINT is what both understand as: now, but in good order.
end_engines() {
  local pid
  for pid in $(engine_pids); do
    stop_process "$(cat "/proc/$pid/comm" 2>/dev/null)" "$pid" "$(birth_of "$pid")" 20 INT
  done
}
