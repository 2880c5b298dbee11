# shellcheck shell=bash
# The jar: whether it is older than the sources, and building it.

readonly RUN_FOLDER=$ROOT/service/target/run
# What runs is a copy that a build replaces by renaming: a JVM reads its jar as long as it lives, and one that is
# overwritten under a running service breaks it.
readonly JAR=$RUN_FOLDER/trayb.jar

# The folders count too: their times change when a file in them is deleted. What is generated into src/main is under it.
is_built() {
  [[ -f $JAR ]] || return 1
  [[ -z $(find "$ROOT/pom.xml" "$ROOT"/*/pom.xml "$ROOT"/*/src/main -newer "$JAR" -print -quit) ]]
}

# set_up_and_build PURPOSE…: the tools for the purposes, and a jar of the present sources. Maven is asked for only
# when something is to be built.
set_up_and_build() {
  if is_built; then
    set_up run "$@"
  else
    set_up run build "$@"
    build
  fi
}

build() {
  local log=$ROOT/target/logs/build.log built
  # 700 MiB: the libraries of a first build, measured, and the modules themselves.
  free_space "${HOME:-/root}/.m2" 700 "for Maven's libraries"
  free_space "$ROOT" 300 "to build"
  mkdir -p "$RUN_FOLDER" || fail "cannot write to $RUN_FOLDER: is it read-only?"
  # Two builds in one folder break each other: the second waits, and finds that there is nothing left to do.
  exec 7>"$RUN_FOLDER/lock"
  if ! flock -n 7; then
    say "    Another ./trayb is building: waiting for it."
    flock 7
    if is_built; then
      exec 7>&-
      return
    fi
  fi
  # Taken before, so that a source saved during the build makes the next start build again.
  touch "$RUN_FOLDER/begun"
  step "Building Trayb" "$log" build_jar || build_failed "$log"
  built=$(find "$ROOT/service/target" -maxdepth 1 -name 'trayb-service-*.jar' -newer "$RUN_FOLDER/begun" ! -name '*-sources.jar' ! -name '*-javadoc.jar' | head -n 1)
  [[ -n $built ]] || fail "Maven ended well, but left no service/target/trayb-service-*.jar. The log: $log"
  { cp -- "$built" "$JAR.new" && touch -r "$RUN_FOLDER/begun" "$JAR.new" && mv -f -- "$JAR.new" "$JAR"; } ||
    fail "cannot copy the jar to $RUN_FOLDER. Is the disk full?"
  exec 7>&-
}

# Without the tests and the check of the formatting: those are `./trayb test`'s, and a start shouldn't wait for them.
build_jar() {
  cd "$ROOT" && exec mvn -B -ntp -pl service -am -Dmaven.test.skip=true -Dspotless.check.skip=true package
}

build_failed() {
  local log=$1
  show_maven_errors "$log"
  explain_maven "$log"
  fail "the build failed. The log: $log"
}

# Maven's own errors without the pages of advice that follow them.
show_maven_errors() {
  local log=$1
  if grep -q '^\[ERROR\]' "$log"; then
    grep '^\[ERROR\]' "$log" | grep -Ev '^\[ERROR\] *$|-> \[Help|Re-run Maven|To see the full stack|For more information|\[Help 1\]|After correcting' |
      head -n 30 | sed 's/^/    /' >&2 || :
  else
    show_tail "$log" 20
  fi
}

# Ends us with a sentence where the log shows a cause that isn't the code's.
explain_maven() {
  local log=$1
  if grep -Eq 'No space left on device' "$log"; then
    fail "the disk is full. Make room and try again. The log: $log"
  elif grep -Eq 'UnknownHostException|Unknown host|Could not transfer artifact|Connect to .* failed|Network is unreachable|Connection timed out' "$log"; then
    fail "Maven can't reach the repository of its libraries. Is there a network here, or a proxy or mirror that ~/.m2/settings.xml should name? The log: $log"
  fi
}
