# Installs the Debian packages that a script needs and that are missing.
# shellcheck shell=bash disable=SC2034

# What the tests run, and what a Swarm of namespaces needs beside docker_packages.
readonly test_packages=(haproxy knot pebble prometheus prometheus-alertmanager chromium fonts-dejavu-core openssl procps shellcheck)
readonly swarm_packages=(docker.io iptables iproute2 util-linux mmdebstrap busybox-static)

# install_packages REASON PACKAGE... : says what is missing and why; asks first at a terminal (not with ASSUME_YES=yes)
install_packages() {
  local reason=$1 package missing=() sudo=() answer
  shift
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || refuse "needs ${missing[*]} ($reason), and this is no Debian: install them, then run this again"
  say "Missing Debian packages ($reason): ${missing[*]}"
  if [ -t 0 ] && [ "${ASSUME_YES:-no}" != yes ]; then
    read -r -p 'Install them now? [Y/n] ' answer
    [[ $answer =~ ^([yY].*)?$ ]] || refuse "cannot go on without ${missing[*]}"
  fi
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || refuse "installing ${missing[*]} needs root"
    sudo=(sudo)
  fi
  step "Installing ${missing[*]}"
  "${sudo[@]}" apt-get -o DPkg::Lock::Timeout=300 update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# docker_packages : the names of the packages that are Docker, its command line included, which is one of its own since
# Debian 13 and only recommended there
docker_packages() {
  local version
  version=$(. /etc/os-release 2>/dev/null && echo "${VERSION_ID:-}")
  if [ "${version%%.*}" = 12 ] || [ "${version%%.*}" = 11 ]; then echo docker.io; else echo docker.io docker-cli; fi
}

# debian_sources SUITE : where its packages come from: the mirror that this machine was told to use, else Debian's own.
# A mirror that is kept as it was one day has a date that is over, which is no reason not to build.
debian_sources() {
  local mirror
  mirror=$({ cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null || true; } |
    sed -n -e 's/^URIs: *\([^ ]*\).*/\1/p' -e 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' | { grep -v security || true; } | head -n1)
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nCheck-Valid-Until: no\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
    "${mirror:-http://deb.debian.org/debian}" "$1"
}
