# Stands in for cAdvisor where no registry can be reached: the package of Debian bullseye, the last that had one. It is a
# program of 2020 with the series and labels of today's; it knows cgroups of version 1 alone.
ARG BASE_IMAGE=node:24-trixie-slim
FROM ${BASE_IMAGE}
RUN printf 'Types: deb\nURIs: %s\nSuites: bullseye\nComponents: main\nCheck-Valid-Until: no\nTrusted: yes\n' \
      "$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/*.sources | head -n1)" > /etc/apt/sources.list.d/bullseye.sources \
 && apt-get update \
 && apt-get install --yes --no-install-recommends cadvisor/bullseye \
 && rm -rf /var/lib/apt/lists/* /etc/apt/sources.list.d/bullseye.sources
LABEL docker-flow.stand-in=cadvisor
EXPOSE 8080
ENTRYPOINT ["/usr/bin/cadvisor", "-logtostderr"]
