import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { canonicalMonitorParameters, parseMonitorLabels } from '@docker-flow/labels';
import { failedRuleTests } from '../harness/prometheus/promtool.js';
import { labelsOf, readStackFile } from '../harness/swarm/stack-file.js';

const stacksDir = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../../stacks');
/** The stacks that watch themselves, with the files they are made of. */
const STACKS = [
  ['flow', 'production.yml'],
  ['certificates', 'certificates-production.yml'],
] as const;
const alerts = STACKS.flatMap(([stack, file]) => {
  const { services } = readStackFile(readFileSync(path.join(stacksDir, file), 'utf8'));
  return Object.entries(services).flatMap(([name, service]) => alertsOf(`${stack}_${name}`, labelsOf(service)));
});

function alertsOf(service: string, labels: Readonly<Record<string, string>>) {
  const parameters = Object.entries(labels).map(([label, value]): [string, string] => [
    label.slice('com.df.'.length),
    value,
  ]);
  const read = parseMonitorLabels(canonicalMonitorParameters([...parameters, ['serviceName', service]]));
  return read.alerts.map((alert) => ({ service, ...alert }));
}

const rules = {
  groups: [
    {
      name: 'own',
      rules: alerts.map((alert) => ({
        alert: `${alert.service}/${alert.name}`,
        expr: alert.condition,
        ...(alert.for === '' ? {} : { for: alert.for }),
        labels: alert.labels,
      })),
    },
  ],
};

interface Case {
  readonly alert: string;
  /** Series of ten minutes, a value a minute, with which it fires, and with which it does not. */
  readonly fires: Readonly<Record<string, string>>;
  readonly silent: Readonly<Record<string, string>>;
  /** When it has fired, if that is later than after ten minutes. */
  readonly at?: string;
  /** Metric labels it has besides those in its label. */
  readonly more?: Readonly<Record<string, string>>;
}

const UP = '1x20';
const LONG = 'x90';
const OF_WEB = '{certificate="acme-web.pem",service="web"}';
const cases: readonly Case[] = [
  ...['flow_swarm-listener', 'flow_proxy', 'flow_scaler', 'certificates_certificates'].map((name) => ({
    alert: `${name}/absent`,
    at: '20m',
    fires: { [`up{job="${name}",instance="a"}`]: '0x30' },
    silent: { [`up{job="${name}",instance="a"}`]: '0x30', [`up{job="${name}",instance="b"}`]: '1x30' },
  })),
  {
    alert: 'certificates_certificates/trouble',
    at: '80m',
    fires: {
      [`docker_flow_certificates_problem${OF_WEB}`]: `1${LONG}`,
      [`docker_flow_certificates_expiry_timestamp_seconds${OF_WEB}`]: `500000${LONG}`,
      [`docker_flow_certificates_lifetime_seconds${OF_WEB}`]: `7776000${LONG}`,
    },
    silent: {
      [`docker_flow_certificates_problem${OF_WEB}`]: `1${LONG}`,
      [`docker_flow_certificates_expiry_timestamp_seconds${OF_WEB}`]: `5000000${LONG}`,
      [`docker_flow_certificates_lifetime_seconds${OF_WEB}`]: `7776000${LONG}`,
    },
    more: { certificate: 'acme-web.pem' },
  },
  {
    alert: 'certificates_certificates/missing',
    at: '80m',
    fires: { [`docker_flow_certificates_problem${OF_WEB}`]: `1${LONG}` },
    silent: {
      [`docker_flow_certificates_problem${OF_WEB}`]: `1${LONG}`,
      [`docker_flow_certificates_expiry_timestamp_seconds${OF_WEB}`]: `5000000${LONG}`,
    },
    more: { certificate: 'acme-web.pem' },
  },
  {
    alert: 'certificates_certificates/undelivered',
    at: '20m',
    fires: { docker_flow_certificates_undelivered: '2x30' },
    silent: { docker_flow_certificates_undelivered: '0x30' },
  },
  {
    alert: 'flow_swarm-listener/blind',
    fires: {
      'docker_flow_swarm_listener_last_comparison_timestamp_seconds{job="flow_swarm-listener",kind="service"}': '0x20',
    },
    silent: {
      'docker_flow_swarm_listener_last_comparison_timestamp_seconds{job="flow_swarm-listener",kind="service"}': '0+60x20',
    },
  },
  {
    alert: 'flow_swarm-listener/undelivered',
    fires: {
      'docker_flow_swarm_listener_notifications_total{job="flow_swarm-listener",receiver="proxy",result="given_up"}':
        '0+1x20',
    },
    silent: {
      'docker_flow_swarm_listener_notifications_total{job="flow_swarm-listener",receiver="proxy",result="delivered"}':
        '0+1x20',
    },
    more: { to: 'proxy' },
  },
  {
    alert: 'flow_proxy/errors',
    fires: {
      'haproxy_frontend_http_responses_total{job="flow_proxy",proxy="services",code="5xx"}': '0+20x20',
      'haproxy_frontend_http_responses_total{job="flow_proxy",proxy="services",code="2xx"}': '0+180x20',
    },
    silent: {
      'haproxy_frontend_http_responses_total{job="flow_proxy",proxy="services",code="5xx"}': '0+20x20',
      'haproxy_frontend_http_responses_total{job="flow_proxy",proxy="services",code="2xx"}': '0+1980x20',
    },
  },
  {
    alert: 'flow_proxy/rejected',
    fires: { 'docker_flow_proxy_rejected_service{service="shop",reason="port=abc is not a port"}': UP },
    silent: { 'docker_flow_proxy_services{state="live"}': UP },
    more: { rejected: 'shop', reason: 'port=abc is not a port' },
  },
  {
    alert: 'flow_proxy/stale',
    fires: { 'docker_flow_proxy_reloads_total{result="failed",reason="notification"}': '0+1x20' },
    silent: { 'docker_flow_proxy_reloads_total{result="reloaded",reason="notification"}': '0+1x20' },
  },
  {
    alert: 'flow_proxy/certificate',
    fires: { 'docker_flow_proxy_certificate_expiry_timestamp_seconds{certificate="acme.pem"}': '864000x20' },
    silent: {
      'docker_flow_proxy_certificate_expiry_timestamp_seconds{certificate="acme.pem"}': '8640000x20',
    },
    more: { certificate: 'acme.pem' },
  },
  {
    alert: 'flow_monitor/rejected',
    fires: { 'docker_flow_monitor_rejected_alerts{job="flow_monitor"}': '2x20' },
    silent: { 'docker_flow_monitor_rejected_alerts{job="flow_monitor"}': '0x20' },
  },
  {
    alert: 'flow_monitor/reload',
    fires: { 'prometheus_config_last_reload_successful{job="prometheus"}': '0x20' },
    silent: { 'prometheus_config_last_reload_successful{job="prometheus"}': UP },
    more: { job: 'prometheus' },
  },
  {
    alert: 'flow_monitor/alertmanager',
    fires: {
      'prometheus_notifications_dropped_total{job="prometheus"}': '0x20',
      'prometheus_notifications_alertmanagers_discovered{job="prometheus"}': '0x20',
    },
    silent: {
      'prometheus_notifications_dropped_total{job="prometheus"}': '0x20',
      'prometheus_notifications_alertmanagers_discovered{job="prometheus"}': UP,
    },
    more: { job: 'prometheus' },
  },
  {
    alert: 'flow_monitor/rules',
    fires: { 'prometheus_rule_evaluation_failures_total{job="prometheus"}': '0+1x20' },
    silent: { 'prometheus_rule_evaluation_failures_total{job="prometheus"}': '3x20' },
  },
  {
    alert: 'flow_alert-manager/silent',
    fires: {
      'alertmanager_notifications_failed_total{job="flow_alert-manager",integration="slack"}': '0+1x20',
    },
    silent: {
      'alertmanager_notifications_failed_total{job="flow_alert-manager",integration="slack"}': '2x20',
    },
    more: { integration: 'slack' },
  },
  {
    alert: 'flow_scaler/docker',
    fires: { 'docker_flow_scaler_docker_errors_total{job="flow_scaler",call="service_update"}': '0+1x20' },
    silent: { 'docker_flow_scaler_docker_errors_total{job="flow_scaler",call="service_update"}': '3x20' },
  },
];

function outcome(
  one: Case,
  series: Readonly<Record<string, string>>,
  fires: boolean,
): Promise<string | undefined> {
  const labels = alerts.find((alert) => `${alert.service}/${alert.name}` === one.alert)!.labels;
  return failedRuleTests(rules, (rulesFile) => ({
    rule_files: [rulesFile],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [
          {
            eval_time: one.at ?? '10m',
            alertname: one.alert,
            exp_alerts: fires ? [{ exp_labels: { ...one.more, ...labels } }] : [],
          },
        ],
      },
    ],
  }));
}

describe('the stack watches itself', () => {
  test('with an alert for each of these', () => {
    expect(cases.map((one) => one.alert).sort()).toEqual(
      rules.groups[0]!.rules.map((rule) => rule.alert).sort(),
    );
  });

  test.each(cases)('$alert fires when it should', async (one) => {
    expect(await outcome(one, one.fires, true)).toBeUndefined();
  });

  test.each(cases)('$alert is silent when it should be', async (one) => {
    expect(await outcome(one, one.silent, false)).toBeUndefined();
  });
});
