# Stands in for prom/alertmanager where no registry can be reached: Debian's package, started the same way.
ARG BASE_IMAGE=node:24-trixie-slim
FROM ${BASE_IMAGE}
RUN apt-get update \
 && apt-get install --yes --no-install-recommends prometheus-alertmanager ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && ln -s /usr/bin/prometheus-alertmanager /bin/alertmanager \
 && ln -s /usr/bin/amtool /usr/local/bin/amtool \
 && install --directory --owner=nobody --group=nogroup /etc/alertmanager /alertmanager
LABEL docker-flow.stand-in=alertmanager
USER nobody
WORKDIR /alertmanager
EXPOSE 9093
ENTRYPOINT ["/bin/alertmanager"]
CMD ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"]
