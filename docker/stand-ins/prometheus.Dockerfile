# Stands in for prom/prometheus where no registry can be reached: Debian's package, its programs where the image has them.
# Debian's Prometheus 3 says on its pages that they are not part of the package; the API is whole.
ARG BASE_IMAGE=node:24-trixie-slim
FROM ${BASE_IMAGE}
LABEL docker-flow.stand-in=prometheus
RUN apt-get update \
 && apt-get install --yes --no-install-recommends prometheus ca-certificates \
 && rm -rf /var/lib/apt/lists/*
USER nobody
EXPOSE 9090
ENTRYPOINT ["/bin/prometheus"]
