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
  local suite mark
  suite=$(stand_in_suite "$1")
  mark=$suite-$(node_fingerprint "$suite")
  if [ "$(stand_in_mark "$1")" = "$mark" ]; then say "Using the stand-in for $1 from before"; return; fi
  make_node_stand_in "$1" "$suite" "$mark"
}

# stand_in_suite IMAGE : the Debian that stands in for it. Node 24 is in forky, which has today's HAProxy, Prometheus and
# Alertmanager, too; an image on bookworm gets the node of this machine, when it is of that version.
stand_in_suite() {
  local image=$1 major
  major=$(sed -n 's/^.*node:\([0-9]*\).*$/\1/p' <<<"$image")
  case $image in
    *node:24*) echo forky ;;
    *bookworm*)
      if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        refuse "cannot pull $image, and a stand-in needs node and npm of this machine"
      fi
      [ "$major" = "$(node -p 'process.versions.node.split(".")[0]')" ] ||
        refuse "cannot pull $image, and this machine has node $(node --version), not $major"
      echo bookworm ;;
    *) refuse "cannot pull $image, and only node:24… and node:…-bookworm… can be replaced by a stand-in" ;;
  esac
}

# What the stand-in is made of: another recipe, node, npm or set of certificates makes another stand-in.
node_fingerprint() {
  {
    sed -n '/^make_node_stand_in/,/^}/p' "${BASH_SOURCE[0]}"
    [ "$1" != bookworm ] || node --version
    npm --version
    cat /etc/ssl/certs/ca-certificates.crt 2>/dev/null
  } | sha256sum | cut -c1-12
}

# make_node_stand_in IMAGE SUITE MARK : Debian's minimal system by mmdebstrap, with npm of this machine and, on bookworm,
# its node (forky's own elsewhere), laid out like the official image.
make_node_stand_in() {
  local image=$1 suite=$2 mark=$3 work npm node='' packages=usr-is-merged settings=()
  command -v npm >/dev/null || refuse "cannot pull $image, and a stand-in needs npm of this machine"
  npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
  if [ "$suite" = bookworm ]; then node=$(node -p 'process.execPath'); else packages+=,nodejs; fi
  command -v mmdebstrap >/dev/null || install_packages "a stand-in for $image" mmdebstrap
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # this folder, whatever happens to the variable
  trap "rm -rf '$work'" RETURN
  step "Making a stand-in for $image: Debian $suite by mmdebstrap, ${node:+node $(node --version) of this machine}${node:-with its own node}"
  debian_sources "$suite" >"$work/debian.sources"
  cat >"$work/complete" <<'HOOK'
set -eu
root=$1 npm=$2 node=${3:-}
mkdir -p "$root/usr/local/bin" "$root/usr/local/lib/node_modules"
if [ -n "$node" ]; then install -D "$node" "$root/usr/local/bin/node"; else ln -s /usr/bin/node "$root/usr/local/bin/node"; fi
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
  mmdebstrap --quiet --variant=minbase --include="$packages" --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --aptopt='Dir::Cache::pkgcache ""' --aptopt='Dir::Cache::srcpkgcache ""' --aptopt='Acquire::Languages "none"' \
    --aptopt='Acquire::GzipIndexes "true"' --customize-hook="sh '$work/complete' \"\$1\" '$npm' '$node'" \
    "$suite" "$work/root.tar" "$work/debian.sources" >"$work/log" 2>&1 ||
    { tail -n 20 "$work/log" >&2; refuse "mmdebstrap could not make a stand-in for $image"; }
  [ ! -r /etc/ssl/certs/ca-certificates.crt ] || settings+=(--change 'ENV NODE_EXTRA_CA_CERTS=/usr/local/share/stand-in/ca-certificates.crt')
  docker import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' --change 'CMD ["node"]' \
    --change "LABEL $stand_in_label=$mark" "${settings[@]}" "$work/root.tar" "$image" >/dev/null
}

# ensure_image PROGRAM IMAGE : haproxy, prometheus, alertmanager or cadvisor. The stand-in is Debian's package on the base image.
ensure_image() {
  if have_real_image "$2"; then return; fi
  say "Making a stand-in for $2 from Debian's $1"
  build_image "$2" "docker/stand-ins/$1.Dockerfile"
}
