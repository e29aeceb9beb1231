# Stands in for haproxy where no registry can be reached: Debian's package, its program where the image has it.
ARG BASE_IMAGE=node:24-trixie-slim
FROM ${BASE_IMAGE}
LABEL docker-flow.stand-in=haproxy
RUN apt-get update \
 && apt-get install --yes --no-install-recommends haproxy ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && install /usr/sbin/haproxy /usr/local/sbin/haproxy
USER haproxy
ENTRYPOINT ["haproxy"]
CMD ["-f", "/usr/local/etc/haproxy/haproxy.cfg"]
