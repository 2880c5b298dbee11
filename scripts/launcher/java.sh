# shellcheck shell=bash
# Finding the JDK: JAVA_HOME, else the java on the PATH, else one under /usr/lib/jvm.

readonly OLDEST_JAVA=17

# java_major HOME: 17 for 17.0.15, 8 for 1.8.0; nothing when HOME holds no Java. Read from its `release` file, because
# starting a JVM to ask would cost a tenth of a second for each candidate.
java_major() {
  local home=$1 version=''
  [[ -x $home/bin/java ]] || return 0
  if [[ -r $home/release ]]; then
    version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([^"]*\)"\{0,1\}.*/\1/p' "$home/release")
  fi
  [[ -n $version ]] || version=$("$home/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p')
  version=${version#1.}
  printf '%s' "${version%%[!0-9]*}"
}

is_jdk() {
  local major
  [[ -x $1/bin/javac ]] || return 1
  major=$(java_major "$1")
  [[ -n $major ]] && ((major >= OLDEST_JAVA))
}

# Sets JAVA_HOME, or returns 1 when there is no JDK of the right age. A JAVA_HOME that was set and is wrong is the
# user's to correct: picking another one behind their back would only hide it.
find_jdk() {
  if [[ -n ${JAVA_HOME:-} ]]; then
    [[ -x $JAVA_HOME/bin/java ]] || fail "JAVA_HOME is '$JAVA_HOME', where there is no bin/java. Correct it or unset it."
    [[ -x $JAVA_HOME/bin/javac ]] || fail "JAVA_HOME is '$JAVA_HOME', a Java without a compiler. Set it to a JDK, or unset it."
    is_jdk "$JAVA_HOME" || fail "JAVA_HOME is '$JAVA_HOME', a JDK $(java_major "$JAVA_HOME"); Trayb needs $OLDEST_JAVA or newer. Correct it or unset it."
    export JAVA_HOME
    return 0
  fi
  local candidate found='' major least=0
  if candidate=$(command -v java); then
    candidate=$(readlink -f -- "$candidate")
    candidate=${candidate%/bin/java}
    if is_jdk "$candidate"; then
      export JAVA_HOME=$candidate
      return 0
    fi
  fi
  # The oldest that is new enough: the one that Trayb is built and tested with most.
  for candidate in /usr/lib/jvm/*/; do
    candidate=${candidate%/}
    is_jdk "$candidate" || continue
    major=$(java_major "$candidate")
    if [[ -z $found ]] || ((major < least)); then
      found=$candidate least=$major
    fi
  done
  [[ -n $found ]] || return 1
  export JAVA_HOME=$found
}

# What to say of a Java that is there but doesn't do.
unfit_java() {
  local java home major
  java=$(command -v java) || return 0
  home=$(readlink -f -- "$java")
  home=${home%/bin/java}
  major=$(java_major "$home")
  if [[ -n $major ]] && ((major < OLDEST_JAVA)); then
    say "    The java on the PATH is $major ($java); Trayb needs a JDK of $OLDEST_JAVA or newer."
  elif [[ ! -x $home/bin/javac ]]; then
    say "    The java on the PATH has no compiler beside it ($java); Trayb needs a JDK, not only a JRE."
  fi
}

# The supervisor of a cluster carries no traffic: what JAVA_OPTS says is for the processes that it starts.
readonly SUPERVISOR_OPTS='-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1'

# compose_java_command [VERB]: sets java_command to what runs the jar's main class. Jars in plugins/ are on the class path: each may
# bring job types.
# JAVA_OPTS are the user's; from JDK 24 on, a library that loads native code (the width of the terminal) is warned of
# otherwise.
compose_java_command() {
  local verb=${1:-} options native=() given=${JAVA_OPTS:-}
  if [[ $verb == cluster ]]; then
    given=$SUPERVISOR_OPTS
    export JAVA_OPTS=${JAVA_OPTS:-}
  fi
  read -ra options <<<"$given"
  (($(java_major "$JAVA_HOME") < 24)) || native=(--enable-native-access=ALL-UNNAMED)
  java_command=("$JAVA_HOME/bin/java" "${native[@]}" "${options[@]}" -cp "$JAR:$ROOT/plugins/*" io.trayb.TraybApplication)
}
