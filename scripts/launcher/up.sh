# shellcheck shell=bash
# `./trayb up`: the main job.

run_up() {
  local with_monitoring=1
  while (($# > 0)); do
    case $1 in
      --service-only) with_monitoring='' ;;
      -h | --help)
        explain up
        return
        ;;
      *) fail "up doesn't know '$1'; it takes --service-only." 2 ;;
    esac
    shift
  done

  export PORT=${PORT:-8080} ADMIN_PORT=${ADMIN_PORT:-8081}
  PROMETHEUS_PORT=${PROMETHEUS_PORT:-9090} ALERTMANAGER_PORT=${ALERTMANAGER_PORT:-9093}
  claim_data_dir
  end_leftovers
  check_ports "$with_monitoring"
  # The service looks whether the rules that are loaded there are its own.
  [[ -z $with_monitoring ]] || export PROMETHEUS_URL=${PROMETHEUS_URL:-http://127.0.0.1:$PROMETHEUS_PORT}

  set_up_and_build up ${with_monitoring:+monitoring}
  start_service
  UP_IS_RUNNING=1
  if [[ -n $with_monitoring ]]; then
    start_alertmanager
    start_prometheus
  fi
  show_what_to_try "$with_monitoring"
  watch_children
}

# Makes DATA_DIR absolute, sees that it can be written, and holds it against a second `up`.
claim_data_dir() {
  resolve_data_dir
  { mkdir -p "$DATA_DIR/run" "$DATA_DIR/logs" && touch "$DATA_DIR/run/written"; } 2>/dev/null ||
    fail "cannot write to DATA_DIR ($DATA_DIR): is it read-only, or somebody else's? Set DATA_DIR to a folder of yours."
  # 256 MiB: an empty Postgres and its write-ahead log take 60, Prometheus' block in memory and its log some more.
  free_space "$DATA_DIR" 256 "for the databases and logs"
  exec 9>"$DATA_DIR/run/up.lock"
  flock -n 9 || fail "another ./trayb up is running on $DATA_DIR. Stop that one, or set DATA_DIR to another folder."
}

check_ports() {
  local with_monitoring=$1
  check_port PORT "${BIND_HOST:-}"
  check_port ADMIN_PORT "${ADMIN_BIND_HOST:-}"
  check_distinct PORT ADMIN_PORT
  [[ -n $with_monitoring ]] || return 0
  check_port PROMETHEUS_PORT 127.0.0.1
  check_port ALERTMANAGER_PORT 127.0.0.1
  check_distinct PORT ADMIN_PORT PROMETHEUS_PORT ALERTMANAGER_PORT
  [[ $PROMETHEUS_PORT != 0 ]] || PROMETHEUS_PORT=$(free_port "$PORT" "$ADMIN_PORT" "$ALERTMANAGER_PORT")
  [[ $ALERTMANAGER_PORT != 0 ]] || ALERTMANAGER_PORT=$(free_port "$PORT" "$ADMIN_PORT" "$PROMETHEUS_PORT")
}

start_service() {
  local java_command
  compose_java_command
  # A file that an earlier one left behind when it was killed would tell us that one's ports.
  rm -f -- "$DATA_DIR/trayb.json"
  start service "$SERVICE_STOP_SECONDS" "${java_command[@]}" server "$ROOT/config.yml"
  await service service_is_ready
}

# The service writes its ports once they are bound, and removes the file when it stops.
service_is_ready() {
  local file=$DATA_DIR/trayb.json
  [[ -s $file ]] || return 1
  PORT=$(number_in "$file" port)
  ADMIN_PORT=$(number_in "$file" adminPort)
  [[ -n $PORT && -n $ADMIN_PORT ]] || return 1
  answers "http://$(reachable "${ADMIN_BIND_HOST:-}"):$ADMIN_PORT/readyz" && return 0
  REASON=$(sed -n 's/.*"error" *: *"\([^"]*\)".*/\1/p' "$DATA_DIR/run/answer" 2>/dev/null | head -n 1)
  return 1
}

number_in() {
  sed -n "s/.*\"$2\" *: *\([0-9][0-9]*\).*/\1/p" "$1" | head -n 1
}

show_what_to_try() {
  local with_monitoring=$1 api demo=./trayb
  api=http://$(reachable "${BIND_HOST:-}"):$PORT
  clear_status
  say ""
  say "${BOLD}Trayb is up.${PLAIN}"
  say ""
  row "API" "$api"
  row "Metrics" "http://$(reachable "${ADMIN_BIND_HOST:-}"):$ADMIN_PORT/metrics"
  if [[ -n $with_monitoring ]]; then
    row "Prometheus" "http://127.0.0.1:$PROMETHEUS_PORT/alerts"
    row "Alertmanager" "http://127.0.0.1:$ALERTMANAGER_PORT"
  fi
  row "Logs" "$DATA_DIR/logs/"
  say ""
  say "Follow every job, in a second terminal:"
  say ""
  say "  curl -N '$api/api/v1/events?topic=jobs'"
  say ""
  say "Submit one that takes five seconds, in a third:"
  say ""
  say "  curl -H 'Content-Type: application/json' -d '{\"type\":\"sleep\",\"payload\":{\"ms\":5000}}' $api/api/v1/jobs"
  say ""
  [[ $DATA_DIR == "$ROOT/data" ]] || demo="DATA_DIR=$(printf '%q' "$DATA_DIR") ./trayb"
  say "Or sixty of all kinds at once: ${BOLD}$demo demo${PLAIN}"
  say "Ctrl-C stops all of it."
}

row() {
  say "$(printf '  %-14s %s' "$1" "$2")"
}
