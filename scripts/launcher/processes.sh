# shellcheck shell=bash
# The processes of `up`: starting them, watching them, ending them, and ending those that a killed launcher left.

CHILDREN=()
declare -A PID_OF=() BIRTH_OF=() LOG_OF=() LIMIT_OF=()
HURRY=''

# Longer than the service's stop may take with everything it depends on hung; config.yml has the sum, beside
# server.shutdownGracePeriod. Nearly always it is a few seconds.
SERVICE_STOP_SECONDS=240

# title NAME: as it is called in a sentence.
title() {
  case $1 in
    service) printf 'the service' ;;
    *) printf '%s' "${1^}" ;;
  esac
}

# Second Ctrl-C: whoever presses it again doesn't want to wait.
hurry() {
  HURRY=1
}

# A process's birth: the boot it belongs to and its start in clock ticks since then. Together with the pid it names one
# process and never, as the pid alone may, another one that came later. Nothing for a process that has ended.
birth_of() {
  local stat fields
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  # The name, in parentheses, may hold spaces and parentheses of its own: what counts starts after the last one.
  read -ra fields <<<"${stat##*) }"
  [[ ${fields[0]} != Z ]] || return 0
  printf '%s:%s' "$(</proc/sys/kernel/random/boot_id)" "${fields[19]}"
}

is_alive() {
  [[ -n $2 && $(birth_of "$1") == "$2" ]]
}

# start NAME SECONDS COMMAND…: starts it with its log at DATA_DIR/logs/NAME.log; SECONDS is the time it gets to stop.
#
# In a session of its own, so that a Ctrl-C on the terminal reaches us alone and the order of stopping is ours. It gets
# SIGTERM from the kernel when we die without having been able to stop it (kill -9).
start() {
  local name=$1 limit=$2 log=$DATA_DIR/logs/$1.log
  shift 2
  [[ ! -e $log ]] || mv -f -- "$log" "$log.1"
  setsid setpriv --pdeathsig TERM "$@" >"$log" 2>&1 </dev/null 3>&- 9>&- &
  PID_OF[$name]=$!
  BIRTH_OF[$name]=$(birth_of $!)
  LOG_OF[$name]=$log
  LIMIT_OF[$name]=$limit
  CHILDREN+=("$name")
  printf '%s %s\n' "$!" "${BIRTH_OF[$name]}" >"$DATA_DIR/run/$name.pid" || fail "cannot write to $DATA_DIR/run: is the disk full?"
}

is_running() {
  is_alive "${PID_OF[$1]}" "${BIRTH_OF[$1]}"
}

# died NAME: says that it ended by itself and how, and ends us, which ends the others.
died() {
  local name=$1 code=0 title
  title=$(title "$name")
  wait "${PID_OF[$name]}" 2>/dev/null || code=$?
  show_tail "${LOG_OF[$name]}" 20
  if ((code > 128)); then
    fail "$title was ended by signal $((code - 128)). Stopping everything else."
  fi
  fail "$title ended by itself (exit code $code). Stopping everything else."
}

# await NAME CONDITION…: until the condition holds or NAME dies. REASON, if the condition sets it, is shown meanwhile.
await() {
  local name=$1 begun=$SECONDS title
  title=$(title "$name")
  shift
  REASON=''
  [[ -n $ON_TERMINAL ]] || say "    Starting $title (log: ${LOG_OF[$name]})"
  until "$@"; do
    is_running "$name" || died "$name"
    progress "Starting $title" $((SECONDS - begun)) "$REASON"
    sleep 0.1
  done
  done_line "${title^} is ready ($((SECONDS - begun)) s)"
}

# Sleeps until one of the children ends. A signal ends us out of here, through on_signal.
watch_children() {
  local name
  while :; do
    for name in "${CHILDREN[@]}"; do
      is_running "$name" || died "$name"
    done
    # Without -p its code can't be told to a name, so we look ourselves; what it gives is that nothing is polled.
    wait -n 2>/dev/null || :
  done
}

# Ends all that was started, the last first.
stop_everything() {
  local index name
  for ((index = ${#CHILDREN[@]} - 1; index >= 0; index--)); do
    name=${CHILDREN[index]}
    ! is_running "$name" || stop_process "$name" "${PID_OF[$name]}" "${BIRTH_OF[$name]}" "${LIMIT_OF[$name]}"
    rm -f -- "$DATA_DIR/run/$name.pid"
    [[ $name != service ]] || end_engines
  done
  CHILDREN=()
}

# stop_process NAME PID BIRTH SECONDS [SIGNAL]: SIGTERM (or that signal), and SIGKILL for what is still there after that time.
stop_process() {
  local title pid=$2 birth=$3 limit=$4 signal=${5:-TERM} begun=$SECONDS
  title=$(title "$1")
  kill -s "$signal" "$pid" 2>/dev/null || :
  while is_alive "$pid" "$birth"; do
    if [[ -n $HURRY ]] || ((SECONDS - begun >= limit)); then
      clear_status
      say "    ${title^} hadn't stopped after $((SECONDS - begun)) s: killed."
      kill -KILL "$pid" 2>/dev/null || :
      # For a child of ours, quietly: the shell would print a notice of its own.
      wait "$pid" 2>/dev/null || :
      while is_alive "$pid" "$birth"; do sleep 0.1; done
      return 0
    fi
    progress "Stopping $title" $((SECONDS - begun))
    sleep 0.1
  done
  done_line "${title^} has stopped"
}

# What a launcher that was killed left running on this DATA_DIR. The pid files are believed only where the process that
# they name was born when they say.
end_leftovers() {
  local file name title pid birth limit
  for file in "$DATA_DIR"/run/*.pid; do
    [[ -e $file ]] || continue
    name=$(basename -- "$file" .pid)
    { read -r pid birth <"$file"; } || :
    if [[ ${pid:-} =~ ^[0-9]+$ && -n ${birth:-} ]] && is_alive "$pid" "$birth"; then
      title=$(title "$name")
      say "    ${title^} of an earlier start is still running (pid $pid): stopping it."
      limit=45
      [[ $name != service ]] || limit=$SERVICE_STOP_SECONDS
      stop_process "$name" "$pid" "$birth" "$limit"
    fi
    rm -f -- "$file"
  done
}
