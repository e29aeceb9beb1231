# dflow, with the checkers whose word counts: docker run --rm -v "$PWD:/w" dockerflow/docker-flow-cli lint stack.yml
ARG BASE_IMAGE=node:24-trixie-slim
ARG HAPROXY_IMAGE=haproxy:3.2.26-trixie
ARG PROMETHEUS_IMAGE=prom/prometheus:v3.5.3

# HAProxy and the libraries it loads, but those of libc, which the base image has: both are the same Debian.
FROM ${HAPROXY_IMAGE} AS haproxy
USER root
RUN mkdir /libraries \
 && ldd /usr/local/sbin/haproxy | awk '$2 == "=>" && $3 !~ /\/lib(c|m|dl|rt|pthread)\.so/ { print $3 }' | xargs -I{} cp {} /libraries/

FROM ${PROMETHEUS_IMAGE} AS prometheus

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
COPY packages/swarm-listener packages/swarm-listener
COPY packages/monitor packages/monitor
COPY packages/proxy-configurator packages/proxy-configurator
COPY packages/scaler packages/scaler
COPY packages/certificates packages/certificates
COPY packages/cli packages/cli
RUN pnpm install --offline --frozen-lockfile --filter @docker-flow/cli... \
 && pnpm exec tsc -b packages/cli \
 && pnpm --config.inject-workspace-packages=true --filter @docker-flow/cli deploy --prod --offline /app

FROM ${BASE_IMAGE}
LABEL docker-flow.stage=image
COPY --from=prometheus /bin/promtool /usr/local/bin/
COPY --from=haproxy /usr/local/sbin/haproxy /usr/local/sbin/
COPY --from=haproxy /libraries /usr/local/lib/haproxy
# Libraries of the base image win over those that came with HAProxy: "zz" is read last.
RUN echo /usr/local/lib/haproxy >/etc/ld.so.conf.d/zz-haproxy.conf \
 && ldconfig \
 && haproxy -v
COPY --from=build /app /app
# Files of the user are mounted here and may belong to anybody.
WORKDIR /w
ENV NODE_ENV=production
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["--help"]
