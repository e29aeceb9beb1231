# The Docker engine of this machine: the one that is there, or one that we start and can take away again.
# shellcheck shell=bash

readonly local_docker_dir=/var/lib/docker-flow-quickstart

local_docker_answers() { command -v docker >/dev/null && docker info >/dev/null 2>&1; }

# start_local_docker : afterwards `docker` answers, or the script has ended with the reason
start_local_docker() {
  if local_docker_answers; then return; fi
  [ -z "${DOCKER_HOST:-}" ] || refuse "the Docker at DOCKER_HOST=$DOCKER_HOST does not answer"
  # shellcheck disable=SC2046 # names of packages
  install_packages 'no Docker answers on this machine' $(docker_packages) iptables
  if local_docker_answers; then return; fi
  [ "$(id -u)" = 0 ] || refuse 'Docker does not answer and starting it needs root: start it, or run this with sudo'
  if [ -d /run/systemd/system ]; then
    step 'Starting Docker (systemd)'
    systemctl start docker
  else
    step "Starting Docker (no service manager here; its files are in $local_docker_dir)"
    mkdir -p "$local_docker_dir"
    bridges >"$local_docker_dir/bridges-before"
    setsid dockerd --data-root "$local_docker_dir/data" --pidfile "$local_docker_dir/docker.pid" \
      >"$local_docker_dir/dockerd.log" 2>&1 </dev/null &
  fi
  for _ in $(seq 300); do
    if local_docker_answers; then return; fi
    sleep 0.1
  done
  tail -n 20 "$local_docker_dir/dockerd.log" >&2 2>/dev/null || true
  refuse 'Docker did not start within 30 s'
}

# bridges : the network bridges of this machine, one a line
bridges() {
  local folder
  for folder in /sys/class/net/*/bridge; do
    [ -d "$folder" ] || continue
    folder=${folder%/bridge}
    printf '%s\n' "${folder##*/}"
  done
}

# remove_new_bridges : those of Docker that were not there before we started it
remove_new_bridges() {
  local bridge
  [ -e "$local_docker_dir/bridges-before" ] || return 0
  bridges | grep -E '^(docker0|docker_gwbridge|br-[0-9a-f]{12})$' | grep -vxFf "$local_docker_dir/bridges-before" | while read -r bridge; do
    ip link delete "$bridge" 2>/dev/null || say "The bridge $bridge is still there: ip link delete $bridge"
  done
}

# tell_of_firewall : Docker's chains outlive it, and only a person knows whether anybody else made rules like them
tell_of_firewall() {
  local chains
  if local_docker_answers; then return; fi
  chains=$(iptables-save 2>/dev/null | awk '/^:DOCKER/ { print substr($1, 2) }' | sort -u | paste -sd ' ')
  [ -z "$chains" ] || say "Firewall rules of Docker are still there until this machine starts anew (iptables-save shows the chains $chains)."
}

# stop_local_docker : ends the engine that start_local_docker started without a service manager, and removes its files
stop_local_docker() {
  local pid
  [ -d "$local_docker_dir" ] || return 0
  pid=$(cat "$local_docker_dir/docker.pid" 2>/dev/null || true)
  if [ -n "$pid" ] && kill "$pid" 2>/dev/null; then
    step 'Stopping Docker'
    for _ in $(seq 300); do [ -d "/proc/$pid" ] || break; sleep 0.1; done
    remove_new_bridges || true
  fi
  # Mounts that dockerd leaves behind would keep the folder.
  awk -v dir="$local_docker_dir/" 'index($2, dir) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do umount -l "$mount"; done
  rm -rf "${local_docker_dir:?}"
}
