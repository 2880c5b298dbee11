# shellcheck shell=bash
# The verbs, and how they are explained. A command of the jar becomes a verb by a line in the table.

# verb | who runs it | configuration file | one line for `help`
#
# Who: launcher, or jar (passed on to the jar). Configuration file, for the jar: `none`, `last` (config.yml is appended
# when none is given), `after-subcommand` (the same, once there is a subcommand to take it).
verb_table() {
  cat <<'TABLE'
up       | launcher | none             | sets the machine up, builds, starts everything in the foreground; Ctrl-C stops it
test     | launcher | none             | sets the machine up and runs the whole test suite
bench    | launcher | none             | measures the service on this machine: bench jobs (beside a yardstick), bench events, bench cluster, bench monitoring, bench keys
demo     | jar      | none             | submits a mixed load of sample jobs to a running service and shows them live
generate | jar      | last             | writes what is generated from the code (rules, dashboards, docs); --check only compares
monitoring | jar    | after-subcommand | says what differs between what is deployed and what this build would generate
server   | jar      | last             | the service alone, in the foreground, with its log on the terminal
cluster  | jar      | last             | CLUSTER_WORKERS service processes on one port, under a supervisor that restarts them
check    | jar      | last             | says whether a configuration file is right
db       | jar      | after-subcommand | the database's tables: db status, db migrate
keys     | jar      | after-subcommand | API keys: keys create, keys list, keys revoke
counters | jar      | after-subcommand | the counters in Redis: counters reset
help     | launcher | none             | this list; help VERB says more about one
TABLE
}

# column VERB NUMBER
column() {
  verb_table | awk -F'|' -v verb="$1" -v number="$2" '
    { name = $1; gsub(/ /, "", name) }
    name == verb { value = $number; gsub(/^ +| +$/, "", value); print value }'
}

verb_names() {
  verb_table | awk '{ print $1 }'
}

is_verb() {
  [[ $1 =~ ^[a-z]+$ ]] && [[ -n $(column "$1" 2) ]]
}

unknown_verb() {
  local nearest
  nearest=$(verb_names | nearest_to "$1")
  [[ -z $nearest ]] || nearest=" Did you mean '$nearest'?"
  fail "there is no verb '$1'.$nearest \`./trayb help\` lists them all." 2
}

# Of the words on standard input the one that the fewest single-letter edits (Levenshtein) turn WORD into, if it is
# near enough to have been meant.
nearest_to() {
  awk -v word="$1" '
    function least(a, b) { return a < b ? a : b }
    function distance(a, b,   i, j, row, above, corner) {
      for (j = 0; j <= length(b); j++) row[j] = j
      for (i = 1; i <= length(a); i++) {
        corner = row[0]; row[0] = i
        for (j = 1; j <= length(b); j++) {
          above = row[j]
          row[j] = least(least(above, row[j-1]) + 1, corner + (substr(a, i, 1) != substr(b, j, 1)))
          corner = above
        }
      }
      return row[length(b)]
    }
    BEGIN { best = 3 }
    { d = distance(word, $1); if (d < best && d < length($1)) { best = d; found = $1 } }
    END { if (found) print found }'
}

show_help() {
  if (($# > 0)); then
    explain "$1"
    return
  fi
  cat <<EOF_HELP
${BOLD}Trayb${PLAIN}: a job and event server whose monitoring is generated from its own code.

${BOLD}./trayb VERB [options]${PLAIN}

EOF_HELP
  verb_table | awk -F'|' '{ sub(/ +$/, "", $1); sub(/^ +/, "", $4); printf "  %-10s %s\n", $1, $4 }'
  cat <<EOF_HELP

${BOLD}Environment${PLAIN} (docs/configuration.md has them all)

  PORT, ADMIN_PORT         8080 and 8081; 0 picks a free one
  PROMETHEUS_PORT          9090; of \`up\`; 0 picks a free one
  ALERTMANAGER_PORT        9093; of \`up\`; 0 picks a free one
  BIND_HOST                127.0.0.1; where the service listens; elsewhere than on loopback only once there is an API key
  DATA_DIR                 data/ beside this script; everything that is kept between two starts
  DATABASE_URL             a Postgres of your own instead of the embedded one: postgresql://user:password@host/database
  REDIS_URL                a Redis of your own instead of the embedded one: redis://host:6379
  TRAYB_KEY                the API key that \`demo\` uses, where the service asks for one
  JAVA_HOME                the JDK to use (17 or newer); found by itself when unset
  JAVA_OPTS                options for the service's JVM, such as -Xmx1g
  CLUSTER_WORKERS          1; how many processes \`cluster\` runs; auto for one for each core
  NO_COLOR                 no colours, whatever the terminal can do
EOF_HELP
}

explain() {
  local verb=$1
  if ! is_verb "$verb"; then
    unknown_verb "$verb"
  fi
  say "${BOLD}./trayb $verb${PLAIN}: $(column "$verb" 4)"
  say ""
  case $verb in
    up)
      cat <<'EOF_HELP'
./trayb up [--service-only]

  Installs what is missing (a JDK, Maven, Prometheus, Alertmanager, curl; on Debian and Ubuntu), builds when the sources
  are newer than the jar, and starts the service, Alertmanager and Prometheus with the generated files. Prints where they are
  and what to try. Without DATABASE_URL and REDIS_URL the service brings Postgres and Redis along, in DATA_DIR.

  --service-only   leaves Prometheus and Alertmanager out

  Runs until Ctrl-C, SIGTERM or SIGHUP, then stops all it started, the last first; a second Ctrl-C doesn't wait. Exit code 0 when
  told to stop, 1 when a part ended by itself (it says which, with the last lines of its log).
EOF_HELP
      ;;
    test)
      cat <<'EOF_HELP'
./trayb test [--long] [options for Maven]

  Installs what the tests need and runs `mvn verify`. Its last line is `N passed, N failed, N skipped`; its exit code
  is Maven's.

  --long           also runs the tests that take minutes, and then those of jobs and crashes once more through PgBouncer
  -Dtest=NAME      one test class, as Maven has it; any other option is passed on too
EOF_HELP
      ;;
    bench)
      cat <<'EOF_HELP'
./trayb bench jobs [--rounds N] [--warm-up N] [--jobs N] [--seconds N] [--rate N]
./trayb bench events [--rounds N] [--warm-up N] [--streams N] [--rate N] [--seconds N] [--stuck N] [--highest]
./trayb bench cluster [--rounds N] [--warm-up N] [--streams N] [--rate N] [--seconds N]
./trayb bench monitoring [--quick]
./trayb bench keys [--quick]

  Builds, starts a service of its own on embedded Postgres and Redis (fsync on), measures it in rounds, ends it, and prints a
  table of medians: the queue, beside db-scheduler on the same Postgres; event streams; or clusters of 1, 2 and 4 processes, in
  turns. On loopback only. Let nothing else run meanwhile: on a busy machine the figures say little. docs/benchmarks.md has what
  was measured, and what is fair about it.

  --rounds N    how many rounds are counted (5; events: 3)
  --warm-up N   how many go before, and aren't (1; cluster: 3)
  --seconds N   how long a round at a fixed rate takes (8; events: 10; cluster: 4)
  --jobs N      how many jobs a round of throughput has (20,000)
  --streams N   how many streams follow all jobs (1,000; cluster: 500)
  --rate N      submissions a second where their rate is fixed (200; events: 100; cluster: 50)
  --stuck N     also measures beside so many streams that nobody reads (0)
  --highest     also raises the rate until streams lose something or their p99 reaches 250 ms

  bench monitoring starts no service: JMH measures generating all files in a fresh JVM, a scrape of 10,000 series, and recording
  a request's duration, in time and in bytes. It takes five minutes or so.
  bench keys measures in the same way what it costs a request that somebody looks at its API key. It takes a minute or so.
  --quick       only sees that they run: the figures say nothing
EOF_HELP
      ;;
    cluster)
      cat <<'EOF_HELP'
CLUSTER_WORKERS=N ./trayb cluster [CONFIG]

  Runs N service processes (a number, or auto for one for each core; 1 by default) that share PORT, in the foreground. The first
  runs jobs, the others serve the API and events only. Each line of the log begins with the name of who wrote it: jobs-1, api-2,
  cluster (the supervisor). On ADMIN_PORT the supervisor has /metrics of all processes, each with its name as the label process,
  /readyz, and at / where each process's own admin port is. Without DATABASE_URL and REDIS_URL it brings Postgres and Redis along.

  What ends by itself is started again, after a pause that grows. When no process can be kept running, the cluster gives up: it
  says why, and its exit code is 1.

  kill -HUP PID       replaces the processes one after the other; no accepted request fails, no event is lost
  Ctrl-C, SIGTERM     ends all of them in good order (exit code 0); once more doesn't wait
  JAVA_OPTS           is for the processes; without a heap in it they share half of the machine's memory

  docs/scaling.md says when this is worth it: a JVM needs no second process to use its cores.
EOF_HELP
      ;;
    counters)
      cat <<'EOF_HELP'
./trayb counters reset

  Empties metrics:sse, metrics:cache:jobs and metrics:cache:queues in Redis, where operators look with redis-cli, after an
  outage that made them wrong. Running services count on from nothing. Metrics aren't touched: Prometheus knows resets.
EOF_HELP
      ;;
    keys)
      cat <<'EOF_HELP'
./trayb keys create --name NAME --scopes SCOPES [--queues PATTERN] [--expires WHEN] [--rate RATE]
./trayb keys list
./trayb keys revoke NAME

  Makes, lists and revokes API keys, in the database that the service uses, whether it is running or not. A new key is printed
  once, alone on the last line of standard output. Running services know of it within 5 s. docs/security.md has more.

  --name NAME        1 to 64 of a-z, 0-9 and -; never given to another key
  --scopes SCOPES    submit, read, work, operate, with commas between them
  --queues PATTERN   * (the default), one queue's name, or the beginning of names: 'billing-*'
  --expires WHEN     90d, 12h, 30m, or a time such as 2030-01-31T12:00:00Z; never by default
  --rate RATE        requests that it may make: 100/s, 1000/m, 5000/h; as many as it likes by default
EOF_HELP
      ;;
    monitoring)
      cat <<'EOF_HELP'
./trayb monitoring diff [--prometheus URL] [--alertmanager URL] [--grafana-dir DIR] [--env NAME]

  Compares what is deployed with what this build would generate: rules one by one, routes, inhibitions, hours, receivers,
  dashboards. A line for each difference. Exit code 0 when there is none, 1 when there is one or something doesn't answer.

  --prometheus URL     the rules that this Prometheus has loaded
  --alertmanager URL   what this Alertmanager has loaded
  --grafana-dir DIR    the dashboards in the folder that Grafana reads
  --env NAME           with the thresholds, contacts and addresses of an environment in config.yml
EOF_HELP
      ;;
    help) say "./trayb help [VERB]" ;;
    *) say "A command of the jar: \`./trayb $verb --help\` lists its options." ;;
  esac
}
