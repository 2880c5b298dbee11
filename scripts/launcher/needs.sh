# shellcheck shell=bash
# What each purpose needs of the machine. A later part adds a line to the table, and that is all.

readonly OLDEST_MAVEN=3.8.6

# purposes | commands, any one of which will do | Debian packages, the first that exists | its daemons | what it is
#
# `jdk` stands for a JDK of the right age (java.sh). Daemons are the units that the package would start at boot on the
# system's ports; we start our own instead, so those that we bring in are disabled (install.sh).
needs_table() {
  cat <<'TABLE'
run build test | jdk                               | openjdk-17-jdk-headless openjdk-21-jdk-headless openjdk-25-jdk-headless default-jdk-headless | - | JDK 17 or newer (https://adoptium.net)
build test     | mvn                               | maven                   | -                       | Maven 3.8.6 or newer (https://maven.apache.org)
up             | curl                              | curl                    | -                       | curl (https://curl.se)
monitoring     | prometheus                        | prometheus              | prometheus              | Prometheus 2.42 or newer (https://prometheus.io/download)
monitoring     | prometheus-alertmanager alertmanager | prometheus-alertmanager | prometheus-alertmanager | Alertmanager 0.25 or newer (https://prometheus.io/download)
test           | promtool                          | prometheus              | prometheus              | promtool, part of Prometheus (https://prometheus.io/download)
test           | amtool                            | prometheus-alertmanager | prometheus-alertmanager | amtool, part of Alertmanager (https://prometheus.io/download)
test           | prometheus                        | prometheus              | prometheus              | Prometheus 2.42 or newer (https://prometheus.io/download)
test           | prometheus-alertmanager alertmanager | prometheus-alertmanager | prometheus-alertmanager | Alertmanager 0.25 or newer (https://prometheus.io/download)
test           | prometheus-redis-exporter         | prometheus-redis-exporter | prometheus-redis-exporter | redis_exporter (https://github.com/oliver006/redis_exporter)
test           | prometheus-postgres-exporter      | prometheus-postgres-exporter | prometheus-postgres-exporter | postgres_exporter (https://github.com/prometheus-community/postgres_exporter)
test           | redis-cli                         | redis-tools             | -                       | redis-cli 6 or newer (https://redis.io)
test           | redis-server                      | redis-server            | redis-server            | redis-server 7 with TLS (https://redis.io)
test           | psql                              | postgresql-client       | -                       | psql 13 or newer (https://www.postgresql.org/download)
test           | chromium chromium-browser google-chrome | chromium      | -                       | Chromium, without a window (https://www.chromium.org)
test           | node                              | nodejs                  | -                       | Node.js 18 or newer (https://nodejs.org)
test           | npm                               | npm                     | -                       | npm 9 or newer (https://nodejs.org)
test           | haproxy                           | haproxy                 | haproxy                 | HAProxy 2.6 or newer (https://www.haproxy.org)
test           | nginx                             | nginx                   | nginx                   | nginx 1.22 or newer (https://nginx.org)
test           | pgbouncer                         | pgbouncer               | pgbouncer               | PgBouncer 1.18 or newer (https://www.pgbouncer.org)
test           | ip                                | iproute2                | -                       | ip, of iproute2 (https://wiki.linuxfoundation.org/networking/iproute2)
test           | shellcheck                        | shellcheck              | -                       | ShellCheck (https://www.shellcheck.net)
test           | curl                              | curl                    | -                       | curl (https://curl.se)
TABLE
}

# first_command NAME…: the first of these that the PATH has, or the folder of servers, which isn't on everybody's PATH.
first_command() {
  local name
  for name in "$@"; do
    PATH=$PATH:/usr/sbin command -v "$name" && return 0
  done
  return 1
}

is_there() {
  if [[ $1 == jdk ]]; then
    find_jdk
  else
    local names
    read -ra names <<<"$1"
    first_command "${names[@]}" >/dev/null
  fi
}

# missing PURPOSE…: the rows of the table that one of the purposes asks for and the machine lacks.
missing() {
  local purposes commands packages daemons what purpose
  while IFS='|' read -r purposes commands packages daemons what; do
    commands=$(trim "$commands")
    for purpose in "$@"; do
      [[ " $purposes " == *" $purpose "* ]] || continue
      is_there "$commands" || printf '%s|%s|%s|%s\n' "$commands" "$(trim "$packages")" "$(trim "$daemons")" "$(trim "$what")"
      break
    done
  done < <(needs_table)
}

trim() {
  local text=$1
  text=${text#"${text%%[![:space:]]*}"}
  printf '%s' "${text%"${text##*[![:space:]]}"}"
}

# set_up PURPOSE…: afterwards the machine has all of it and JAVA_HOME is set, or we have said what to do and ended.
set_up() {
  require_linux
  # In this shell and not only in the subshells below: it sets JAVA_HOME, and ends us when that is set wrongly.
  find_jdk || unfit_java
  local rows
  rows=$(missing "$@")
  if [[ -n $rows ]]; then
    say "${BOLD}Missing on this machine:${PLAIN}"
    printf '%s\n' "$rows" | awk -F'|' '!seen[$4]++ { print "    " $4 }' >&3
    install_missing "$rows"
  fi
  find_jdk || fail "the packages are installed, but there is still no JDK $OLDEST_JAVA or newer. Set JAVA_HOME to one."
  [[ " $* " != *" build "* && " $* " != *" test "* ]] || require_maven
}

require_maven() {
  local version
  version=$(mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p')
  [[ -n $version ]] || fail "$(command -v mvn) doesn't run: try \`mvn -v\`."
  if [[ $(printf '%s\n' "$OLDEST_MAVEN" "$version" | sort -V | head -n 1) != "$OLDEST_MAVEN" ]]; then
    fail "the Maven on the PATH is $version ($(command -v mvn)); Trayb builds with $OLDEST_MAVEN or newer. Put one from https://maven.apache.org on the PATH."
  fi
}

require_linux() {
  local system machine
  system=$(uname -s)
  machine=$(uname -m)
  [[ $system == Linux ]] || fail "Trayb runs on Linux; this is $system. A virtual machine or WSL 2 with Debian or Ubuntu will do."
  [[ $machine == x86_64 || (-n ${DATABASE_URL:-} && -n ${REDIS_URL:-}) ]] ||
    fail "the embedded Postgres and Redis are built for x86_64; this machine is $machine. Set DATABASE_URL and REDIS_URL to servers of your own."
}
