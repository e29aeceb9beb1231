# The proxy: HAProxy and the program that configures it. It starts as root, because HAProxy binds ports below
# 1024 and reads certificates that only root may read; HAProxy's workers give these rights up where the
# generated configuration says so.
ARG BASE_IMAGE=node:24-trixie-slim
ARG HAPROXY_IMAGE=haproxy:3.2.26-trixie

# HAProxy and the libraries it loads, but those of libc, which the base image has: both are the same Debian.
FROM ${HAPROXY_IMAGE} AS haproxy
USER root
RUN mkdir /libraries \
 && ldd /usr/local/sbin/haproxy | awk '$2 == "=>" && $3 !~ /\/lib(c|m|dl|rt|pthread)\.so/ { print $3 }' | xargs -I{} cp {} /libraries/

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
COPY packages/proxy-configurator packages/proxy-configurator
RUN pnpm install --offline --frozen-lockfile --filter @docker-flow/proxy-configurator... \
 && pnpm exec tsc -b packages/proxy-configurator \
 && pnpm --config.inject-workspace-packages=true --filter @docker-flow/proxy-configurator deploy --prod --offline /app

FROM ${BASE_IMAGE}
LABEL docker-flow.stage=image
COPY --from=haproxy /usr/local/sbin/haproxy /usr/local/sbin/
COPY --from=haproxy /libraries /usr/local/lib/haproxy
# Libraries of the base image win over those that came with HAProxy: "zz" is read last.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates tini \
 && rm -rf /var/lib/apt/lists/* \
 && echo /usr/local/lib/haproxy >/etc/ld.so.conf.d/zz-haproxy.conf \
 && ldconfig \
 && haproxy -v \
 && useradd --system --uid 99 --user-group --home-dir /var/lib/haproxy --create-home --shell /usr/sbin/nologin haproxy \
 && mkdir -p /cfg/tmpl /certs /templates /logs
COPY docker/error-pages /errorfiles
COPY --from=build /app /app
COPY docker/health-check.sh /app/
WORKDIR /app
# Labels are written by whoever may deploy: raw HAProxy configuration in them is for operators who say so.
ENV NODE_ENV=production ALLOW_RAW_LABELS=false
EXPOSE 80 443 8080
STOPSIGNAL SIGTERM
# Healthy: the API answers, HAProxy runs and, where a listener is named, its services were fetched once.
HEALTHCHECK --interval=5s --timeout=14s --start-period=60s CMD \
  DF_LISTEN_ADDRESS="${DF_LISTEN_ADDRESS:-${IP:-}:${PORT:-8080}}" exec bash /app/health-check.sh --process haproxy \
  ${LISTENER_ADDRESS:+--until /v1/docker-flow-proxy/successfulinitreload}
# tini takes in the processes that a HAProxy master left behind when it had to be killed.
ENTRYPOINT ["tini", "--"]
CMD ["node", "dist/main.js"]
