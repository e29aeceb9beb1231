# Waits until what was deployed runs. To be sourced; needs messages.sh.
# shellcheck shell=bash

# await_tasks MINUTES STACK... : waits until all services of these stacks run all their tasks, and no update is under way
await_tasks() {
  local minutes=$1 deadline=$((SECONDS + $1 * 60)) late service stopped
  shift
  step "Waiting until all tasks run (at most $minutes minutes)"
  while :; do
    late=$(late_services "$@")
    stopped=$(updates "$@" | awk '$2 ~ /^(paused|rollback_paused)$/')
    [ -z "$stopped" ] || refuse "an update has stopped: $stopped"
    [ -n "$late" ] || return 0
    [ $SECONDS -lt $deadline ] || break
    sleep 1
  done
  for service in $late; do
    say "$service does not run, or is still being updated:"
    docker service ps --no-trunc --format '  {{.Node}} {{.CurrentState}} {{.Error}}' "$service" | head -n 3 >&2
  done
  refuse "not all tasks run after $minutes minutes; what runs stays, and running this again goes on from here"
}

# late_services STACK... : one line for each service that does not run all its tasks, or is being updated: an update that starts
# the new task first has all of them at any time
late_services() {
  local stack
  {
    for stack; do docker stack services --format '{{.Name}} {{.Replicas}}' "$stack"; done |
      awk '{ split($2, count, "/"); if (count[1] + 0 < count[2] + 0 || count[2] + 0 == 0) print $1 }'
    updates "$@" | awk '$2 ~ /^(updating|rollback_started)$/ { print $1 }'
  } | sort -u
}

# updates STACK... : name, state and message of the last update of each service that had one, one a line
updates() {
  local stack services
  mapfile -t services < <(for stack; do docker stack services --format '{{.Name}}' "$stack"; done)
  [ ${#services[@]} -eq 0 ] || docker service inspect \
    --format '{{.Spec.Name}}{{if .UpdateStatus}} {{.UpdateStatus.State}} {{.UpdateStatus.Message}}{{end}}' "${services[@]}"
}
