# The demo service. People are kept in /data unless DB says otherwise.
ARG BASE_IMAGE=node:24-trixie-slim

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
COPY packages/demo packages/demo
RUN pnpm install --offline --frozen-lockfile --filter @docker-flow/demo... \
 && pnpm exec tsc -b packages/demo \
 && pnpm --config.inject-workspace-packages=true --filter @docker-flow/demo deploy --prod --offline /app

FROM ${BASE_IMAGE}
LABEL docker-flow.stage=image
RUN install --directory --owner=node --group=node /data
COPY --from=build /app /app
COPY docker/health-check.sh /app/
WORKDIR /app
ENV NODE_ENV=production
ENV DB=/data/demo.sqlite
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=10s --start-period=60s CMD ["bash", "health-check.sh"]
CMD ["node", "dist/main.js"]
