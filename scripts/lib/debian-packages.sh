# Installs the Debian packages that a script needs and that are missing.
# shellcheck shell=bash

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
