# All images at once, with BuildKit: what scripts/build-images does where buildx is there, and release.yml for two
# architectures. The Dockerfiles begin alike, so their first stage is built once for all of them.
#
#   docker buildx bake --print                       what would be built
#   docker buildx bake --push                        all, for both architectures, with SBOM and provenance
#   PLATFORMS= ATTEST=no docker buildx bake --load   for this machine, into its Docker

variable "DF_IMAGES" {
  default = "dockerflow"
}
variable "TAG" {
  default = "0.2.0"
}
# What the images say of themselves; the tag may have more to it, such as the architecture.
variable "VERSION" {
  default = TAG
}
variable "REVISION" {
  default = ""
}
# In the form of RFC 3339.
variable "CREATED" {
  default = ""
}
# Empty for that of the builder.
variable "PLATFORMS" {
  default = "linux/amd64,linux/arm64"
}
# "no" for builders that cannot keep attestations beside an image.
variable "ATTEST" {
  default = "yes"
}
variable "BASE_IMAGE" {
  default = "node:24-trixie-slim"
}
variable "HAPROXY_IMAGE" {
  default = "haproxy:3.2.26-trixie"
}
variable "PROMETHEUS_IMAGE" {
  default = "prom/prometheus:v3.5.3"
}

function "image" {
  params = [program]
  result = ["${DF_IMAGES}/docker-flow-${program}:${TAG}"]
}
function "about" {
  params = [program, description]
  result = {
    "org.opencontainers.image.title"         = "docker-flow-${program}"
    "org.opencontainers.image.description"   = description
    "org.opencontainers.image.version"       = VERSION
    "org.opencontainers.image.revision"      = REVISION
    "org.opencontainers.image.created"       = CREATED
    "org.opencontainers.image.licenses"      = "MIT"
    "org.opencontainers.image.vendor"        = "Docker Flow"
    "org.opencontainers.image.source"        = "https://github.com/docker-flow/docker-flow"
    "org.opencontainers.image.url"           = "https://github.com/docker-flow/docker-flow"
    "org.opencontainers.image.documentation" = "https://docker-flow.github.io/docker-flow/"
    "org.opencontainers.image.base.name"     = BASE_IMAGE
  }
}

# cli is no part of a cluster, and built with the others for a release.
group "default" {
  targets = ["swarm-listener", "monitor", "proxy", "scaler", "docker-guard", "certificates", "dashboard", "demo", "cli"]
}

target "every-image" {
  context   = "."
  platforms = PLATFORMS == "" ? [] : split(",", PLATFORMS)
  args      = { BASE_IMAGE = BASE_IMAGE }
  attest    = ATTEST == "no" ? [] : ["type=provenance,mode=max", "type=sbom"]
}

target "swarm-listener" {
  inherits   = ["every-image"]
  dockerfile = "docker/swarm-listener.Dockerfile"
  tags       = image("swarm-listener")
  labels     = about("swarm-listener", "Watches a Docker Swarm and notifies over HTTP")
}
target "monitor" {
  inherits   = ["every-image"]
  dockerfile = "docker/monitor.Dockerfile"
  args       = { PROMETHEUS_IMAGE = PROMETHEUS_IMAGE }
  tags       = image("monitor")
  labels     = about("monitor", "Service labels to Prometheus scrapes and alerting rules, with Prometheus")
}
target "proxy" {
  inherits   = ["every-image"]
  dockerfile = "docker/proxy-configurator.Dockerfile"
  args       = { HAPROXY_IMAGE = HAPROXY_IMAGE }
  tags       = image("proxy")
  labels     = about("proxy", "Service labels to HAProxy routes, with HAProxy")
}
target "scaler" {
  inherits   = ["every-image"]
  dockerfile = "docker/scaler.Dockerfile"
  tags       = image("scaler")
  labels     = about("scaler", "Alertmanager webhooks to replica counts")
}
target "docker-guard" {
  inherits   = ["every-image"]
  dockerfile = "docker/docker-guard.Dockerfile"
  tags       = image("docker-guard")
  labels     = about("docker-guard", "Lets the scaler change replica counts in Docker and nothing else")
}
target "certificates" {
  inherits   = ["every-image"]
  dockerfile = "docker/certificates.Dockerfile"
  tags       = image("certificates")
  labels     = about("certificates", "Service labels to certificates of an ACME authority, on every proxy")
}
target "dashboard" {
  inherits   = ["every-image"]
  dockerfile = "docker/dashboard.Dockerfile"
  tags       = image("dashboard")
  labels     = about("dashboard", "One read-only page over the whole loop")
}
target "demo" {
  inherits   = ["every-image"]
  dockerfile = "docker/demo.Dockerfile"
  tags       = image("demo")
  labels     = about("demo", "An instrumented service to try everything with")
}
target "cli" {
  inherits   = ["every-image"]
  dockerfile = "docker/cli.Dockerfile"
  args       = { HAPROXY_IMAGE = HAPROXY_IMAGE, PROMETHEUS_IMAGE = PROMETHEUS_IMAGE }
  tags       = image("cli")
  labels     = about("cli", "dflow: know before you deploy what labels do, and after it what is live")
}
