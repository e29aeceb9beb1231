# Progress, warnings and refusals of the shell scripts, all on stderr: stdout belongs to results.
# shellcheck shell=bash

say()  { printf '%s\n' "$*" >&2; }
step() { printf '==> %s\n' "$*" >&2; }
warn() { printf 'warning: %s\n' "$*" >&2; }

# refuse REASON... : what stands in the way, one reason a line, then the end
refuse() {
  local reason
  for reason in "$@"; do printf '%s: %s\n' "${0##*/}" "$reason" >&2; done
  exit 1
}

# misused REASON : the command line could not be understood
misused() {
  printf '%s: %s\nTry %s --help\n' "${0##*/}" "$1" "$0" >&2
  exit 2
}

# print_help FILE : the comment block at the top of a script is its help text
print_help() { sed -n '2,/^[^#]/{ s/^# \{0,1\}//p }' "$1"; }
