# shellcheck shell=bash
# `./trayb bench`: builds the benchmarks and runs them.

run_bench() {
  local log=$ROOT/target/logs/bench-build.log
  case ${1:-} in
    jobs | events | cluster | monitoring | keys) ;;
    '' | -h | --help)
      explain bench
      return
      ;;
    *) fail "there is no benchmark '$1'. There are: jobs, events, cluster, monitoring, keys." 2 ;;
  esac
  set_up run build
  mkdir -p "$ROOT/target/logs" || fail "cannot write to $ROOT/target: is it read-only?"
  step "Building Trayb and its benchmarks" "$log" build_bench || build_failed "$log"
  # Replaces us: signals and the exit code are the benchmark's own, and so is what it prints.
  trap - INT TERM HUP PIPE EXIT
  exec "$JAVA_HOME/bin/java" -cp "$ROOT/bench/target/trayb-bench.jar:$ROOT/bench/target/lib/*" io.trayb.bench.Bench "$@" --root "$ROOT" 3>&-
}

build_bench() {
  cd "$ROOT" && exec mvn -B -ntp -pl bench -am -Dmaven.test.skip=true -Dspotless.check.skip=true package
}
