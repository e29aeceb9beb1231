# Virtual addresses and the routing mesh of Swarm are IPVS in the kernel. To be sourced; needs messages.sh.
# shellcheck shell=bash

readonly without_ipvs='ENDPOINT_MODE=dnsrr PORT_MODE=host DISCOVERY_TYPE=DNS'

# has_ipvs : whether the kernel of this machine has it; loads the module where that is allowed
has_ipvs() {
  modprobe -q ip_vs 2>/dev/null || true
  [ -e "${IPVS_FILE:-/proc/net/ip_vs}" ]
}

# tell_of_ipvs : what stack files need on a kernel without it, unless that is set already. Another machine's kernel is not ours to
# judge.
tell_of_ipvs() {
  case ${DOCKER_HOST:-unix:} in unix:*) ;; *) return 0 ;; esac
  [ "${ENDPOINT_MODE:-vip}" = vip ] || return 0
  has_ipvs && return 0
  warn 'this kernel has no IPVS: requests to virtual addresses and published ports end nowhere. Say, and deploy again:'
  say "  export $without_ipvs PROXY_REPLICAS=1 PROXY_UPDATE_ORDER=stop-first"
}
