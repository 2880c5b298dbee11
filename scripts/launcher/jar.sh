# shellcheck shell=bash
# The verbs that the jar does: passed on to it, with the configuration file and DATA_DIR filled in.

# DATA_DIR is data/ beside the launcher wherever that is called from; one that is set is relative to where we are.
resolve_data_dir() {
  DATA_DIR=$(realpath -m -s -- "${DATA_DIR:-$ROOT/data}")
  export DATA_DIR
}

run_jar_verb() {
  local verb=$1 arguments=("$@") java_command
  set_up_and_build
  resolve_data_dir
  case $(column "$verb" 3) in
    last) wants_configuration "${arguments[@]:1}" && arguments+=("$ROOT/config.yml") ;;
    after-subcommand) (($# > 1)) && wants_configuration "${arguments[@]:2}" && arguments+=("$ROOT/config.yml") ;;
    *) ;;
  esac
  # Its root is this clone, not where we are called from.
  if [[ $verb == generate && " $* " != *" --root"* ]]; then
    arguments+=(--root "$ROOT")
  fi
  compose_java_command "$verb"
  # Replaces us: signals, standard input and the exit code are the jar's own.
  trap - INT TERM HUP PIPE EXIT
  exec "${java_command[@]}" "${arguments[@]}" 3>&-
}

# wants_configuration ARGUMENT…: whether a command with these needs a configuration file added.
wants_configuration() {
  local argument
  for argument in "$@"; do
    case $argument in
      -h | --help | *.yml | *.yaml | *.json) return 1 ;;
      *) ;;
    esac
  done
}
