import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  CATALOGUE,
  LABEL_PREFIX,
  canonicalMonitorParameters,
  parameterOfLabel,
  parseLabelKey,
  parseMonitorLabels,
  parseProxyLabels,
  parseScalerLabels,
} from '@docker-flow/labels';
import { environmentOf, labelsOf, readStackFile, type StackService } from '../harness/swarm/stack-file.js';

const stacksDir = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../../stacks');
const files = readdirSync(stacksDir).filter((name) => name.endsWith('.yml'));
const needed = { MONITOR_PASSWORD: 'secret' };

function textOf(file: string): string {
  return readFileSync(path.join(stacksDir, file), 'utf8');
}

function servicesOf(
  file: string,
  variables: Readonly<Record<string, string>> = {},
): [string, StackService][] {
  return Object.entries(readStackFile(textOf(file), { ...needed, ...variables }).services);
}

const ofServices = files.flatMap((file) =>
  servicesOf(file).map(([name, service]): [string, string, StackService] => [file, name, service]),
);

describe.each(files)('%s', (file) => {
  test('says how it is deployed, in a format that all clients read', () => {
    expect(textOf(file)).toContain(`docker stack deploy -c stacks/${file} `);
    expect(readStackFile(textOf(file), needed).version).toBe('3.8');
  });

  test('takes our images from any registry with any tag', () => {
    const images = servicesOf(file, { DF_IMAGES: 'registry.acme.com/flow', TAG: '1.2.3' })
      .map(([, service]) => service.image)
      .filter((image) => image.includes('docker-flow-'));
    for (const image of images)
      expect(image).toMatch(
        /^registry\.acme\.com\/flow\/docker-flow-(proxy|monitor|scaler|swarm-listener|docker-guard|certificates|dashboard|demo):1\.2\.3$/,
      );
  });

  test('has virtual addresses and the routing mesh, and does without where the kernel cannot', () => {
    for (const [, service] of servicesOf(file)) {
      expect(service.deploy?.endpoint_mode).toBe('vip');
      for (const port of service.ports ?? []) expect(port.mode).toBe('ingress');
    }
    for (const [, service] of servicesOf(file, { ENDPOINT_MODE: 'dnsrr', PORT_MODE: 'host' })) {
      expect(service.deploy?.endpoint_mode).toBe('dnsrr');
      for (const port of service.ports ?? []) expect(port.mode).toBe('host');
    }
  });

  test('is attached to networks that exist already', () => {
    const { networks } = readStackFile(textOf(file), needed);
    for (const [name, service] of servicesOf(file))
      for (const network of Object.values(service.networks ?? []))
        expect([name, Object.keys(networks)]).toEqual([name, expect.arrayContaining([network])]);
  });
});

test('quickstart.yml needs nothing before it: no file, network, secret or config', () => {
  const { networks, secrets, configs } = readStackFile(textOf('quickstart.yml'));
  expect({ secrets, configs }).toEqual({ secrets: undefined, configs: undefined });
  for (const network of Object.values(networks)) expect(network).not.toHaveProperty('external');
  const mounts = servicesOf('quickstart.yml').flatMap(([, { volumes = [] }]) => volumes);
  for (const mount of mounts) expect(mount).toMatch(/^\/var\/run\/docker\.sock:/);
});

test('quickstart.yml works under the name that its programs look for each other by', () => {
  const names = new Set(servicesOf('quickstart.yml').map(([name]) => name));
  const addresses = [...textOf('quickstart.yml').matchAll(/\bflow_([\w-]+)/g)].map(([, name = '']) => name);
  expect(addresses.filter((name) => !names.has(name))).toEqual([]);
  expect(stackNameOf('quickstart.yml')).toBe('flow');
});

describe('labels in stack files', () => {
  const known = new Set(
    Object.values(CATALOGUE)
      .flat()
      .map((label) => label.name),
  );
  const target = ofServices.flatMap(([, , service]) =>
    (environmentOf(service)['DF_SCRAPE_TARGET_LABELS'] ?? '').split(','),
  );

  test.each(ofServices)('%s: those of %s have names that a program knows', (_file, _name, service) => {
    const names = Object.keys(labelsOf(service)).map((label) => parameterOfLabel(label) ?? label);
    const strangers = names.filter((name) => {
      const { name: bare } = parseLabelKey(name);
      return !known.has(bare) && !target.includes(bare);
    });
    expect(strangers).toEqual([]);
  });

  test.each(ofServices)('%s: those of %s can be read by every program', (file, name, service) => {
    const labels = labelsOf(service);
    const serviceName = `${stackNameOf(file)}_${name}`;
    const parameters = {
      ...Object.fromEntries(
        Object.entries(labels).map(([label, value]) => [label.slice(LABEL_PREFIX.length), value]),
      ),
      serviceName,
    };
    const monitor = parseMonitorLabels(canonicalMonitorParameters(Object.entries(parameters)));
    expect(monitor.warnings).toEqual([]);
    expect(parseScalerLabels(serviceName, labels).issues).toEqual([]);
    if (labels['com.df.port'] === undefined) return;
    const proxy = parseProxyLabels(parameters, PROXY_DEFAULTS);
    expect([proxy.refusal, proxy.warnings]).toEqual([undefined, []]);
  });
});

const PROXY_DEFAULTS = {
  separator: ',',
  requestMode: 'http',
  httpsOnly: false,
  domainAlgo: 'hdr_beg(host)',
} as const;

/** The stack's name in the command at the head of its file. */
function stackNameOf(file: string): string {
  return new RegExp(`docker stack deploy -c stacks/${file} +(\\S+)`).exec(textOf(file))?.[1] ?? '';
}
