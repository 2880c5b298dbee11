# shellcheck shell=bash
# Ports: checked before anything is built or started, so that a port in use costs a sentence and no minute.

# The address to ask a server at that listens on HOST.
reachable() {
  case $1 in
    '' | 0.0.0.0) printf '127.0.0.1' ;;
    :: | '[::]') printf '[::1]' ;;
    \[*) printf '%s' "$1" ;;
    *:*) printf '[%s]' "$1" ;;
    *) printf '%s' "$1" ;;
  esac
}

# listens HOST PORT: whether somebody takes connections there.
listens() {
  local host
  host=$(reachable "$1")
  host=${host#[}
  (exec 4<>"/dev/tcp/${host%]}/$2") 2>/dev/null
}

# Who holds a port, as far as this user may know: "java (pid 4711)".
holder_of() {
  local port=$1 line pid
  if command -v ss >/dev/null; then
    line=$(ss -Hltnp "sport = :$port" 2>/dev/null | head -n 1)
    if [[ $line =~ users:\(\(\"([^\"]+)\",pid=([0-9]+) ]]; then
      printf '%s (pid %s)' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
      return
    fi
  fi
  if command -v lsof >/dev/null; then
    pid=$(lsof -nP -t -iTCP:"$port" -sTCP:LISTEN 2>/dev/null | head -n 1) || :
    [[ -z $pid ]] || printf '%s (pid %s)' "$(cat "/proc/$pid/comm" 2>/dev/null)" "$pid"
  fi
}

# check_port VARIABLE HOST: that its value is a port, and free.
check_port() {
  local variable=$1 host=$2 port=${!1} holder
  [[ $port =~ ^[0-9]{1,5}$ && $((10#$port)) -le 65535 ]] ||
    fail "$variable is '$port'; it must be a whole number from 0 to 65535 (0 picks a free port)."
  ((10#$port != 0)) || return 0
  if listens "$host" "$port"; then
    holder=$(holder_of "$port")
    fail "port $port ($variable) is in use${holder:+ by $holder}. Set $variable to another one ($variable=0 picks a free one), or stop what holds it."
  fi
}

# check_distinct VARIABLE…: that no two of them want the same port.
check_distinct() {
  local variable other
  while (($# > 1)); do
    variable=$1
    shift
    for other in "$@"; do
      [[ ${!variable} == 0 || ${!variable} != "${!other}" ]] ||
        fail "$variable and $other are both ${!variable}; each needs a port of its own."
    done
  done
}

# A free port other than those given. Below the range from which the kernel takes the ports of outgoing connections,
# lest one of these have it by the time that ours is bound.
free_port() {
  local candidate
  while :; do
    candidate=$((20000 + RANDOM % 12000))
    [[ " $* " != *" $candidate "* ]] || continue
    listens 127.0.0.1 "$candidate" || break
  done
  printf '%s' "$candidate"
}
