# Node and pnpm for this repository.
# shellcheck shell=bash

readonly pnpm_version=10.34

# run_pnpm ARGUMENTS... : pnpm of this machine, else the one npm brings
run_pnpm() {
  if command -v pnpm >/dev/null; then pnpm "$@"; else npx --yes "pnpm@$pnpm_version" "$@"; fi
}

# install_workspace : the exact dependencies of the lock file
install_workspace() {
  local version
  command -v node >/dev/null || refuse 'needs Node.js 20 or newer'
  version=$(node -p 'process.versions.node')
  [ "${version%%.*}" -ge 20 ] || refuse "needs Node.js 20 or newer, not $version"
  step 'Installing Node packages'
  CI=true run_pnpm install --frozen-lockfile --reporter=append-only >&2
}
