# Images of third parties where no registry can be reached: made from this machine and Debian packages,
# tagged with the name that was asked for, and marked with the image label docker-flow.stand-in.
# shellcheck shell=bash

readonly stand_in_label=docker-flow.stand-in
readonly pull_limit_s=600

image_exists() { docker image inspect "$1" >/dev/null 2>&1; }
stand_in_mark() { docker image inspect --format "{{index .Config.Labels \"$stand_in_label\"}}" "$1" 2>/dev/null || true; }

# have_real_image IMAGE : it is here already, or can be pulled. A stand-in from an earlier day gives way.
have_real_image() {
  local reason
  if image_exists "$1" && [ -z "$(stand_in_mark "$1")" ]; then return 0; fi
  say "Looking for $1 in its registry"
  if reason=$(timeout "$pull_limit_s" docker pull --quiet "$1" 2>&1 >/dev/null); then return 0; fi
  say "  not to be had: ${reason##*$'\n'}"
  return 1
}

# ensure_base_image IMAGE : afterwards Docker has it, or the script has ended with the reason
ensure_base_image() {
  if have_real_image "$1"; then return; fi
  [[ $1 == *node:20* ]] || refuse "cannot pull $1, and only node:20… can be replaced by a stand-in"
  local mark
  mark=node-$(node_fingerprint)
  if [ "$(stand_in_mark "$1")" = "$mark" ]; then say "Using the stand-in for $1 from before"; return; fi
  make_node_stand_in "$1" "$mark"
}

# What the stand-in is made of: another recipe, node, npm or set of certificates makes another stand-in.
node_fingerprint() {
  { sed -n '/^make_node_stand_in/,/^}/p' "${BASH_SOURCE[0]}"; node --version; npm --version; cat /etc/ssl/certs/ca-certificates.crt 2>/dev/null; } | sha256sum | cut -c1-12
}

# Debian's minimal system by mmdebstrap with this machine's node and npm, laid out like the official image.
make_node_stand_in() {
  local image=$1 mark=$2 work node npm sources settings=()
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    refuse "cannot pull $image, and a stand-in needs node and npm of this machine"
  fi
  node=$(node -p 'process.execPath')
  npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
  command -v mmdebstrap >/dev/null || install_packages "a stand-in for $image" mmdebstrap
  mapfile -t sources < <(debian_sources)
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # this folder, whatever happens to the variable
  trap "rm -rf '$work'" RETURN
  step "Making a stand-in for $image: Debian bookworm by mmdebstrap, node $(node --version) of this machine"
  cat >"$work/complete" <<'HOOK'
set -eu
root=$1 node=$2 npm=$3
install -D "$node" "$root/usr/local/bin/node"
mkdir -p "$root/usr/local/lib/node_modules"
cp -a "$npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
chroot "$root" useradd --uid 1000 --user-group --create-home --shell /bin/bash node
chroot "$root" node --version >/dev/null
# Machines behind an inspecting proxy trust a CA of their own, and so must npm inside a build.
[ ! -r /etc/ssl/certs/ca-certificates.crt ] || install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/usr/local/share/stand-in/ca-certificates.crt"
HOOK
  # As in Debian's slim images: no documentation, no translations, no caches of apt; /usr merged without
  # the usrmerge package, which would bring all of Perl.
  mmdebstrap --quiet --variant=minbase --include=usr-is-merged --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --aptopt='Dir::Cache::pkgcache ""' --aptopt='Dir::Cache::srcpkgcache ""' --aptopt='Acquire::Languages "none"' \
    --aptopt='Acquire::GzipIndexes "true"' --customize-hook="sh '$work/complete' \"\$1\" '$node' '$npm'" \
    bookworm "$work/root.tar" "${sources[@]}" >"$work/log" 2>&1 ||
    { tail -n 20 "$work/log" >&2; refuse "mmdebstrap could not make a stand-in for $image"; }
  [ ! -r /etc/ssl/certs/ca-certificates.crt ] || settings+=(--change 'ENV NODE_EXTRA_CA_CERTS=/usr/local/share/stand-in/ca-certificates.crt')
  docker import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' --change 'CMD ["node"]' \
    --change "LABEL $stand_in_label=$mark" "${settings[@]}" "$work/root.tar" "$image" >/dev/null
}

# The mirror this machine was told to use, when it is a Debian bookworm; else mmdebstrap's own choice.
debian_sources() {
  (. /etc/os-release && [ "$ID/${VERSION_CODENAME:-}" = debian/bookworm ]) || return 0
  local file
  for file in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
    if [ -s "$file" ]; then echo "$file"; return; fi
  done
}

# ensure_alertmanager_image IMAGE BASE_IMAGE
ensure_alertmanager_image() {
  if have_real_image "$1"; then return; fi
  say "Making a stand-in for $1 from Debian's prometheus-alertmanager"
  build_image "$1" docker/stand-ins/alertmanager.Dockerfile
}
