# The monitor: Prometheus and the program that configures it. Data that an image running as root wrote into a
# volume for /prometheus has to be given to the user node (uid 1000), or the service needs "user: root".
ARG BASE_IMAGE=node:24-trixie-slim
ARG PROMETHEUS_IMAGE=prom/prometheus:v3.5.3

# /usr/share/prometheus: pages that some builds of Prometheus read from files.
FROM ${PROMETHEUS_IMAGE} AS prometheus
USER root
RUN mkdir -p /usr/share/prometheus

# The lines up to "This program" are the same in all Dockerfiles, so their layers are built once.
FROM ${BASE_IMAGE} AS build
LABEL docker-flow.stage=build
ARG PNPM_VERSION=10.34.9
ENV CI=true
WORKDIR /src
RUN npm install --global pnpm@${PNPM_VERSION}
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch
COPY package.json tsconfig.base.json ./
COPY packages/labels packages/labels
COPY packages/go-template packages/go-template
COPY packages/daemon packages/daemon
COPY packages/docker packages/docker
COPY packages/testkit packages/testkit
RUN pnpm install --offline --frozen-lockfile --filter . --filter @docker-flow/go-template... --filter @docker-flow/docker... \
 && pnpm exec tsc -b packages/go-template packages/docker
# This program. deploy follows the lock file only with workspace packages injected (--legacy resolves anew).
COPY packages/monitor packages/monitor
RUN pnpm install --offline --frozen-lockfile --filter @docker-flow/monitor... \
 && pnpm exec tsc -b packages/monitor \
 && pnpm --config.inject-workspace-packages=true --filter @docker-flow/monitor deploy --prod --offline /app

FROM ${BASE_IMAGE}
LABEL docker-flow.stage=image
# /etc/prometheus is open because a tmpfs that is mounted there takes over its mode, and belongs to root.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates tini \
 && rm -rf /var/lib/apt/lists/* \
 && install --directory --owner=node --group=node /etc/dfm /prometheus \
 && install --directory --owner=node --group=node --mode=1777 /etc/prometheus \
 && install --directory --owner=node --group=node /etc/prometheus/file_sd
COPY --from=prometheus /bin/prometheus /bin/promtool /usr/local/bin/
COPY --from=prometheus /usr/share/prometheus /usr/share/prometheus
COPY --from=build /app /app
COPY docker/health-check.sh /app/
WORKDIR /app
# Defaults that belong to the image rather than to the program: a variable of the user takes their place.
# One arena of glibc instead of one for each thread: some 8 MB less memory. (Prometheus has its own allocator.)
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    GLOBAL_SCRAPE_INTERVAL=10s \
    ARG_CONFIG_FILE=/etc/prometheus/prometheus.yml \
    ARG_STORAGE_TSDB_PATH=/prometheus \
    CONFIGS_DIR=/run/secrets
USER node
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=10s --start-period=60s CMD ["bash", "health-check.sh", "--process", "prometheus"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "dist/main.js"]
