# shellcheck shell=bash
# Speaking to people: sentences, colour, progress, and what happens when somebody interrupts.
#
# Everything goes to descriptor 3, which a verb points at standard output or at standard error.

STEP_PID=''
STEP_SHIELDED=''
INTERRUPTED=''
ON_TERMINAL=''
BOLD='' RED='' GREEN='' PLAIN=''

speak_on_stdout() {
  exec 3>&1
  choose_colours
}

speak_on_stderr() {
  exec 3>&2
  choose_colours
}

choose_colours() {
  [[ -t 3 && ${TERM:-dumb} != dumb ]] || return 0
  ON_TERMINAL=1
  [[ -z ${NO_COLOR:-} ]] || return 0
  BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
}

# The terminal may be gone (a closed window, a pipe that ended): that is no reason to stop cleaning up.
say() {
  printf '%s\n' "$*" >&3 2>/dev/null || :
}

# fail SENTENCE [EXIT CODE]
fail() {
  clear_status
  printf '%strayb:%s %s\n' "$RED" "$PLAIN" "$1" >&2 || :
  exit "${2:-1}"
}

# A line that the next one overwrites; only where there is a terminal to overwrite it on.
status() {
  [[ -n $ON_TERMINAL ]] || return 0
  local width=${COLUMNS:-80}
  local line=$1
  ((${#line} < width)) || line=${line:0:width-1}
  printf '\r\e[K%s' "$line" >&3 2>/dev/null || :
}

clear_status() {
  [[ -n $ON_TERMINAL ]] || return 0
  printf '\r\e[K' >&3 2>/dev/null || :
}

done_line() {
  clear_status
  say "${GREEN}ok${PLAIN}  $1"
}

# show_tail LOG LINES: the end of a log, indented, so that nobody has to go and look for it first.
show_tail() {
  local log=$1 lines=$2
  clear_status
  [[ -s $log ]] || {
    printf '    (%s is empty)\n' "$log" >&2 || :
    return 0
  }
  printf 'The last lines of %s:\n' "$log" >&2 || :
  tail -n "$lines" -- "$log" | sed 's/^/    /' >&2 || :
}

# progress WHAT SECONDS DETAIL: shows life. On a terminal a line that moves; elsewhere a plain line every 15 s.
progress() {
  local what=$1 elapsed=$2 detail=${3:-}
  if [[ -n $ON_TERMINAL ]]; then
    local spinner="|/-\\"
    SPIN=$(((${SPIN:-0} + 1) % 4))
    status "${spinner:SPIN:1}   $what (${elapsed} s)${detail:+  $detail}"
  elif ((elapsed > 0 && elapsed % 15 == 0 && elapsed != ${SAID_AT:-0})); then
    SAID_AT=$elapsed
    say "    $what: ${elapsed} s so far${detail:+: $detail}"
  fi
}

# step WHAT LOG COMMAND…: runs it with all its output in LOG and shows life meanwhile. Returns its exit code.
step() {
  local what=$1 log=$2 begun=$SECONDS code=0
  shift 2
  mkdir -p "$(dirname -- "$log")" 2>/dev/null || fail "cannot write the log $log: is its folder read-only?"
  : >"$log" || fail "cannot write the log $log: is the disk full, or the folder read-only?"
  [[ -n $ON_TERMINAL ]] || say "    $what (log: $log)"
  "$@" >>"$log" 2>&1 3>&- 7>&- 9>&- </dev/null &
  STEP_PID=$!
  while kill -0 "$STEP_PID" 2>/dev/null; do
    progress "$what" $((SECONDS - begun)) "$(last_line "$log")"
    sleep 0.2
  done
  wait "$STEP_PID" || code=$?
  STEP_PID=''
  if [[ -n $INTERRUPTED ]]; then
    exit "$INTERRUPTED"
  fi
  if ((code == 0)); then
    done_line "$what ($((SECONDS - begun)) s)"
  else
    clear_status
    say "${RED}failed${PLAIN}  $what ($((SECONDS - begun)) s)"
  fi
  return "$code"
}

# The last thing that a log says, without control characters, for the status line. What is indented (a stack trace) goes
# with the line above it.
last_line() {
  tail -c 8000 -- "$1" 2>/dev/null | tr -d '\033\r' | grep -a '^[^[:space:]]' | tail -n 1 | cut -c 1-120 || :
}

# A signal ends us through on_exit, which ends what we started. A package installation is let finish first.
on_signal() {
  local signal=$1 code=$2
  if [[ -n $STEP_PID && -n $STEP_SHIELDED ]]; then
    INTERRUPTED=$code
    clear_status
    say "    $signal received: stopping as soon as the packages are in place."
    return 0
  fi
  clear_status
  # To be told to stop is how `up` ends: not a failure.
  if [[ -n ${UP_IS_RUNNING:-} ]]; then
    exit 0
  fi
  exit "$code"
}

on_exit() {
  local code=$?
  # Nothing may end us in here, and a second Ctrl-C does end the `sleep` that we wait with.
  set +e
  trap hurry INT
  trap '' TERM HUP
  trap - EXIT
  if [[ -n $STEP_PID ]]; then
    kill -TERM "$STEP_PID" 2>/dev/null || :
    wait "$STEP_PID" 2>/dev/null || :
    STEP_PID=''
  fi
  stop_everything
  clear_status
  exit "$code"
}
