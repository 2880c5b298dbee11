# shellcheck shell=bash
# Installing what is missing, on Debian and its relatives; elsewhere saying what to install.

# A package's daemon is started at once when it is installed, on the system's port, unless this file says no.
readonly POLICY=/usr/sbin/policy-rc.d
readonly POLICY_ASIDE=/usr/sbin/policy-rc.d.before-trayb
readonly POLICY_MARK='Put here by Trayb for the time of an installation.'
AS_ROOT=()

is_debian() {
  command -v apt-get >/dev/null && [[ -r /etc/os-release ]] &&
    grep -Eq '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release
}

# install_missing ROWS: rows as `missing` prints them.
install_missing() {
  local rows=$1 log=$ROOT/target/logs/install.log lists=$ROOT/target/logs/package-lists.log packages
  if ! is_debian; then
    fail "this is neither Debian nor Ubuntu, so I can't install that. Please do it by your system's package manager and try again."
  fi
  become_root
  free_space / 1024 "to install packages"
  STEP_SHIELDED=1
  # apt-get is content with lists that it couldn't fetch, and so are we while the old ones do: should the installation
  # fail, this log says why.
  step "Reading the lists of packages" "$lists" as_root apt-get -q update || installation_failed "$lists"
  mapfile -t packages < <(packages_of "$rows")
  step "Installing ${packages[*]}" "$log" install_quietly "${packages[@]}" || installation_failed "$log" "$lists"
  STEP_SHIELDED=''
  disable_daemons "$rows"
  hash -r
  rows=$(printf '%s\n' "$rows" | awk -F'|' '$1 != "jdk" { print $1 }' | while read -r command; do is_there "$command" || echo "$command"; done)
  [[ -z $rows ]] || fail "the packages are installed, but there is still no ${rows//$'\n'/, } on the PATH. The log: $log"
}

become_root() {
  ((EUID != 0)) || return 0
  command -v sudo >/dev/null ||
    fail "installing takes root, and there is no sudo here. Ask an administrator to install what is listed above, then try again."
  # It may ask for a password, which it must do here, where it can be seen, and not inside a step with a log.
  say "    Installing takes root:"
  sudo -v || fail "sudo refused. Ask an administrator to install what is listed above, then try again."
  AS_ROOT=(sudo)
}

as_root() {
  "${AS_ROOT[@]}" "$@"
}

# One package a line; of alternatives the first that this release of Debian has.
packages_of() {
  local alternatives name found
  printf '%s\n' "$1" | cut -d'|' -f2 | sort -u | while read -r alternatives; do
    found=''
    for name in $alternatives; do
      if apt-cache policy "$name" | grep -q 'Candidate: [^(]'; then
        found=$name
        break
      fi
    done
    printf '%s\n' "${found:-${alternatives%% *}}"
  done
}

# Runs to its end whatever signal comes: half an installation, or a policy that nobody takes back, is worse than a
# late answer. (It is a step's subshell, which goes on even when the launcher itself is killed.)
install_quietly() {
  trap '' INT TERM HUP
  forbid_daemons || return
  local code=0
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
    -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 install "$@" || code=$?
  restore_policy || return
  return "$code"
}

# Puts our policy in place and what was there aside. A lock on the folder keeps two launchers from taking each other's
# policy for the machine's; it goes with the process. A policy of ours that a killed launcher left is simply ours again.
forbid_daemons() {
  exec 8</usr/sbin && flock 8 || return
  if ! grep -qs "$POLICY_MARK" "$POLICY"; then
    if [[ -e $POLICY || -L $POLICY ]]; then
      as_root mv "$POLICY" "$POLICY_ASIDE" || return
    fi
  fi
  printf '#!/bin/sh\n# %s\nexit 101\n' "$POLICY_MARK" | as_root tee "$POLICY" >/dev/null && as_root chmod 755 "$POLICY"
}

# Puts back what forbid_daemons found.
restore_policy() {
  if [[ -e $POLICY_ASIDE || -L $POLICY_ASIDE ]]; then
    as_root mv -f "$POLICY_ASIDE" "$POLICY" || return
  elif grep -qs "$POLICY_MARK" "$POLICY"; then
    as_root rm -f "$POLICY" || return
  fi
  exec 8<&-
}

# Not started now, and not at the next boot either, when it would take the port of ours. Only of packages that
# we have just brought in: whoever had Prometheus before keeps it as it was.
disable_daemons() {
  local daemon
  printf '%s\n' "$1" | cut -d'|' -f3 | sort -u | while read -r daemon; do
    [[ $daemon != - ]] || continue
    if command -v systemctl >/dev/null; then
      as_root systemctl --quiet disable "$daemon" >/dev/null 2>&1 || say "    $daemon may start at the next boot: \`systemctl disable $daemon\` keeps it from that."
    elif command -v update-rc.d >/dev/null; then
      as_root update-rc.d "$daemon" disable >/dev/null 2>&1 || say "    $daemon may start at the next boot: \`update-rc.d $daemon disable\` keeps it from that."
    fi
  done
}

# installation_failed LOG [EARLIER LOG]: ends us with a sentence on the cause.
installation_failed() {
  local log=$1
  STEP_SHIELDED=''
  show_tail "$log" 15
  if grep -Eq "Could not resolve|Failed to fetch|Unable to connect|Connection (refused|timed out)|Network is unreachable" "$@"; then
    fail "the package servers can't be reached. Is there a network here, or a proxy that apt should use (Acquire::http::Proxy)? The log: $log"
  elif grep -Eq "No space left|enough free space" "$log"; then
    fail "the disk is full. Make room and try again. The log: $log"
  elif grep -Eq "Could not get lock" "$log"; then
    fail "another installation has held the package system for 5 minutes. Try again when it is over. The log: $log"
  elif grep -Eq "Unable to locate package|no installation candidate" "$log"; then
    fail "this release has not all of these packages. Install what is listed above by hand and try again. The log: $log"
  fi
  fail "apt-get failed. The log: $log"
}

# free_space FOLDER MEBIBYTES WHAT FOR: FOLDER need not exist yet.
free_space() {
  local folder=$1 needed=$2 purpose=$3 free
  while [[ ! -d $folder ]]; do folder=$(dirname -- "$folder"); done
  free=$(df -Pk -- "$folder" | awk 'NR == 2 { print int($4 / 1024) }')
  ((free >= needed)) || fail "there are $free MiB free on the disk of $folder; $needed MiB are needed $purpose. Make room and try again."
}
