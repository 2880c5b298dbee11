# shellcheck shell=bash
# `./trayb test`: the whole suite, and a summary that can be read at a glance.

THROUGH_PGBOUNCER='io/trayb/jobs/**/*Test,io/trayb/safety/*Test,io/trayb/CrashTest,io/trayb/OutageTest'

run_suite() {
  local options=() named= long= log=$ROOT/target/logs/test.log begun code=0
  while (($# > 0)); do
    case $1 in
      --long)
        long=yes
        options+=(-Dtrayb.long=true)
        ;;
      -h | --help)
        explain test
        return
        ;;
      -Dtest=*)
        named=${1#-Dtest=}
        # The class is in one module, and the others needn't have one of its name.
        options+=("$1" -Dsurefire.failIfNoSpecifiedTests=false)
        ;;
      *) options+=("$1") ;;
    esac
    shift
  done
  set_up test
  free_space "${HOME:-/root}/.m2" 700 "for Maven's libraries"
  free_space "$ROOT" 500 "to build and test"
  mkdir -p "$ROOT/target/logs" || fail "cannot write to $ROOT/target: is it read-only?"
  # Reports of classes that no longer exist lie about too; those of this run are newer than this.
  touch "$ROOT/target/logs/test-begun"
  begun=$SECONDS
  step "Building and testing" "$log" verify "${options[@]}" || code=$?
  ((code == 0)) || show_maven_errors "$log"
  if [[ -n $long && -z $named && $code == 0 ]]; then
    log=$ROOT/target/logs/test-pgbouncer.log
    step "Testing jobs and crashes through PgBouncer" "$log" verify_through_pgbouncer "${options[@]}" || code=$?
    ((code == 0)) || show_maven_errors "$log"
    # Names that are no longer there pass unnoticed.
    if ! grep -q 'Running io.trayb.CrashTest' "$log" || ! grep -q 'Running io.trayb.safety.SafetyTest' "$log"; then
      fail "the tests of crashes didn't run through PgBouncer; $log says what did"
    fi
  fi
  if [[ -n $named && $code == 0 && -z $(reports) ]]; then
    say "${RED}No test is named '$named'.${PLAIN}"
    summarize $((SECONDS - begun)) "$log" 0
    exit 1
  fi
  summarize $((SECONDS - begun)) "$log" "$code"
  exit "$code"
}

verify() {
  # In the place of the subshell that we run in: a signal then ends Maven, and not only its parent.
  cd "$ROOT" && exec mvn -B -ntp verify "$@"
}

# The tests of jobs, and those that break things under them, with the shipped PgBouncer before each database. Surefire then writes
# their reports anew, so these stand in the summary.
verify_through_pgbouncer() {
  verify "$@" -Dtrayb.pgbouncer=true "-Dtest=$THROUGH_PGBOUNCER" -Dsurefire.failIfNoSpecifiedTests=false
}

# summarize SECONDS LOG CODE: counts what Surefire and Failsafe report and ends with the line that machines read.
summarize() {
  local seconds=$1 log=$2 code=$3 counts tests failed skipped
  counts=$(reports | count_tests)
  read -r tests failed skipped <<<"$counts"
  say ""
  say "$tests tests in $((seconds / 60)) min $((seconds % 60)) s. The log: $log"
  ((code == 0 || failed > 0)) || say "${RED}The build failed outside the tests${PLAIN} (above, and in the log)."
  say "$((tests - failed - skipped)) passed, $failed failed, $skipped skipped"
}

# The reports of this run, each by a line.
reports() {
  find "$ROOT" -path '*/target/*-reports/TEST-*.xml' -newer "$ROOT/target/logs/test-begun"
}

# Reads names by the line; prints "tests failed skipped". Each report has one <testsuite …> whose attributes count; an
# error (an exception) is as much a failure as a failed assertion.
count_tests() {
  xargs -r -d '\n' cat -- | tr '\n' ' ' | sed 's/<testsuite /\n<testsuite /g' | awk '
    function count(name,   found) {
      return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0 : 0
    }
    /^<testsuite / { sub(/>.*/, ""); tests += count("tests"); failed += count("failures") + count("errors"); skipped += count("skipped") }
    END { printf "%d %d %d\n", tests, failed, skipped }'
}
