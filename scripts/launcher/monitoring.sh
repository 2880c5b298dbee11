# shellcheck shell=bash
# Prometheus and Alertmanager for `up`: the generated files, told the ports of this start by file_sd.

start_alertmanager() {
  local home=$DATA_DIR/alertmanager binary
  binary=$(first_command prometheus-alertmanager alertmanager)
  mkdir -p "$home/data"
  # Without --cluster.listen-address= it would listen on every interface for peers.
  start alertmanager 10 "$binary" \
    --config.file="$ROOT/alertmanager/alertmanager.yml" \
    --storage.path="$home/data" \
    --web.listen-address="127.0.0.1:$ALERTMANAGER_PORT" \
    --web.external-url="http://127.0.0.1:$ALERTMANAGER_PORT/" \
    --cluster.listen-address=
  await alertmanager answers "http://127.0.0.1:$ALERTMANAGER_PORT/-/ready"
}

# The committed prometheus.yml can't know the ports of a start; it reads them from files beside it. So it is copied, and the
# committed folder stays as it is.
start_prometheus() {
  local home=$DATA_DIR/prometheus
  mkdir -p "$home/data" "$home/targets" "$home/alertmanagers"
  cp -- "$ROOT/monitoring/prometheus/prometheus.yml" "$ROOT/monitoring/prometheus/rules.yml" "$home/" ||
    fail "cannot copy monitoring/prometheus/ to $home. \`./trayb generate\` writes these files anew; is the disk full?"
  write_targets "$home/targets/trayb.json" "$(reachable "${ADMIN_BIND_HOST:-}"):$ADMIN_PORT" local
  write_targets "$home/alertmanagers/alertmanager.json" "127.0.0.1:$ALERTMANAGER_PORT" local
  # An alert that fires before Alertmanager is found (some seconds) is sent again only after the delay, by default a minute.
  start prometheus 20 prometheus \
    --config.file="$home/prometheus.yml" \
    --storage.tsdb.path="$home/data" \
    --rules.alert.resend-delay=15s \
    --web.listen-address="127.0.0.1:$PROMETHEUS_PORT" \
    --web.external-url="http://127.0.0.1:$PROMETHEUS_PORT/"
  await prometheus answers "http://127.0.0.1:$PROMETHEUS_PORT/-/ready"
}

# write_targets FILE ADDRESS INSTANCE: renamed into place, because Prometheus may be reading.
#
# The instance is a name and not, as it would be by itself, the address: that changes with a port that was picked, and what
# the last start reported under its own would look like a service that went silent.
write_targets() {
  { printf '[{"targets": ["%s"], "labels": {"instance": "%s"}}]\n' "$2" "$3" >"$1.new" && mv -f -- "$1.new" "$1"; } || fail "cannot write $1: is the disk full?"
}

# answers URL: whether it answers 200. What it said is in DATA_DIR/run/answer.
answers() {
  local code
  code=$(curl --noproxy '*' -s -m 5 -o "$DATA_DIR/run/answer" -w '%{http_code}' "$1") || :
  [[ $code == 200 ]]
}
