# Labels are checked before a deployment. To be sourced; needs messages.sh, image-versions.sh, and the root of the
# repository in $root.
# shellcheck shell=bash

# lint_stacks NAME=FILE... : refuses to go on when a program would reject a label of these stacks, which run in one
# cluster. dflow is the one that was built here, else its image; where there is neither, nothing is checked.
lint_stacks() {
  # shellcheck disable=SC2154
  local program=$root/packages/cli/dist/main.js image=${DF_IMAGES:-dockerflow}/docker-flow-cli:${TAG:-$default_tag} stack code=0
  if [ -e "$program" ] && has_node; then
    step 'Checking the labels of the stacks'
    node "$program" lint --together --level error "$@" >&2 || code=$?
  elif docker image inspect "$image" >/dev/null 2>&1; then
    step 'Checking the labels of the stacks'
    for stack; do lint_in_image "$image" "$stack" || [ $code -eq 1 ] || code=$?; done
  else
    warn 'labels are not checked: dflow is not here (pnpm build, or scripts/build-images cli)'
  fi
  [ $code -ne 1 ] || refuse 'labels of the stacks have errors (see above)'
  [ $code -eq 0 ] || warn 'labels could not be checked (see above)'
}

has_node() { command -v node >/dev/null && node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)'; }

# The Docker that runs it may be another machine: the file goes in as standard input, with the variables it names.
lint_in_image() {
  local image=$1 name=${2%%=*} file=${2#*=} variable variables=()
  while read -r variable; do
    [ -z "${!variable+set}" ] || variables+=(--env "$variable")
  done < <(grep -oE '\$\{?[A-Za-z_][A-Za-z0-9_]*' "$file" | tr -d '{$' | sort -u)
  docker run --rm --interactive --network none "${variables[@]}" "$image" lint --level error "$name=-" <"$file" >&2
}
