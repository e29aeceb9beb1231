# The images of others that ours are built from or deployed beside, pinned. Dockerfiles and stack files name the same
# ones as defaults; a test compares them.
# shellcheck shell=bash disable=SC2034

readonly default_base_image=node:24-trixie-slim
readonly default_haproxy_image=haproxy:3.2.26-trixie
readonly default_prometheus_image=prom/prometheus:v3.5.3
readonly default_alertmanager_image=prom/alertmanager:v0.33.1
readonly default_cadvisor_image=ghcr.io/google/cadvisor:v0.53.0

# Our own images: the version of this checkout, which stack files have as their default, too.
default_tag=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$(dirname "${BASH_SOURCE[0]}")/../../package.json")
readonly default_tag
