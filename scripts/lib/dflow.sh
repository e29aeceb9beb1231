# Labels are checked before a deployment, and waited for after it. To be sourced; needs messages.sh, image-versions.sh, and
# the root of the repository in $root.
# shellcheck shell=bash

# lint_stacks NAME=FILE... : refuses to go on when a program would reject a label of these stacks, which run in one
# cluster. dflow is the one that was built here, else its image; where there is neither, nothing is checked.
lint_stacks() {
  # shellcheck disable=SC2154
  local program=$root/packages/cli/dist/main.js image stack code=0
  image=$(dflow_image)
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

dflow_image() { printf %s "${DF_IMAGES:-dockerflow}/docker-flow-cli:${TAG:-$default_tag}"; }

has_node() { command -v node >/dev/null && node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)'; }

# The Docker that runs it may be another machine: the file goes in as standard input, with the variables it names.
lint_in_image() {
  local image=$1 name=${2%%=*} file=${2#*=} variable variables=()
  while read -r variable; do
    [ -z "${!variable+set}" ] || variables+=(--env "$variable")
  done < <(grep -oE '\$\{?[A-Za-z_][A-Za-z0-9_]*' "$file" | tr -d '{$' | sort -u)
  docker run --rm --interactive --network none "${variables[@]}" "$image" lint --level error "$name=-" <"$file" >&2
}

# await_labels MINUTES STACK... : waits until the labels of these stacks are live: announced, routed, scraped, with their alerts
# loaded. The programs talk on a network of their own, so dflow asks from the place of one of them that runs on this node.
await_labels() {
  local minutes=$1 image container code=0 services
  shift
  image=$(dflow_image)
  container=$(listener_here)
  mapfile -t services < <(notifying_services "$@")
  if [ -z "$container" ]; then
    warn 'labels are not waited for: the listener runs on another node; there, dflow status --wait tells'
  elif ! docker image inspect "$image" >/dev/null 2>&1; then
    warn "labels are not waited for: there is no $image here (scripts/build-images cli)"
  elif [ ${#services[@]} -gt 0 ]; then
    step "Waiting until the labels of ${#services[@]} services are live (at most $minutes minutes)"
    status_beside "$container" "$image" "$minutes" "${services[@]}" || code=$?
    # A listener that was replaced meanwhile has taken its network along.
    while [ $code -ne 0 ] && [ "$(listener_here)" != "$container" ]; do
      container=$(listener_here) code=0
      status_beside "$container" "$image" "$minutes" "${services[@]}" || code=$?
    done
    [ $code -ne 1 ] || refuse 'not all labels are live (see above); what runs stays, and running this again goes on from here'
    [ $code -eq 0 ] || warn 'nobody could be asked whether the labels are live (see above)'
  fi
}

# listener_here : the container of the listener, if it runs on this node
listener_here() { docker ps --quiet --filter label=com.docker.swarm.service.name=flow_swarm-listener | head -n 1; }

# status_beside CONTAINER IMAGE MINUTES SERVICE... : 0 all live, 1 not all, more when nobody could be asked
status_beside() {
  local container=$1 image=$2 minutes=$3 token
  shift 3
  token=$(docker exec "$container" cat /run/secrets/api_token) || return 2
  DFLOW_TOKEN=$token docker run --rm --env DFLOW_TOKEN --network "container:$container" "$image" status --wait "${minutes}m" \
    --listener http://swarm-listener:8080 --proxy http://proxy:8080 --monitor http://monitor:8080 \
    --prometheus http://monitor:9090/monitor "$@" >&2
}

# notifying_services STACK... : the services of these stacks that the listener announces, one a line
notifying_services() {
  local stack
  for stack; do
    docker stack services --format '{{.Name}}' "$stack"
  done | xargs -r docker service inspect --format '{{ .Spec.Name }} {{ index .Spec.Labels "com.df.notify" }}' | awk '$2 == "true" { print $1 }'
}
