import { beforeAll, expect, test } from '@jest/globals';
import {
  CATALOGUE,
  PROXY_DESTINATION_LABELS,
  parseProxyLabels,
  type Label,
  type Parameters,
} from '@docker-flow/labels';
import { attributeAlerts } from '../core/changes/attribute-alerts.js';
import { findPortConflicts } from '../core/entry-ports/entry-port-conflicts.js';
import type { RenderedConfig } from '../core/text/render.js';
import type { RoutedService } from '../core/model/routed-service.js';
import type { Settings } from '../core/model/settings.js';
import { ask, checkConfig, freePorts, startHaproxy, writeConfig } from '../testing/live-haproxy.js';
import { BREAKING_VALUES, MARKER } from '../testing/hostile-values.js';
import { useLiveWorld } from '../testing/live-world.js';
import { ownersOf, renderServices, routedService, settingsOf } from '../testing/render-services.js';

/** Every label of the catalogue, with and without index, with every value that could break out of its place. */

const world = useLiveWorld();
let settings: Settings;
let port = 0;
beforeAll(async () => {
  [port = 0] = await freePorts(1);
  settings = settingsOf(world.root, { DEFAULT_PORTS: String(port), USERS: 'admin:secret' });
});

const INDEXED = new Set<string>(PROXY_DESTINATION_LABELS.map(({ name }) => name));

function neighbours(): readonly Parameters[] {
  const common = { port: String(world.echoPort), ignoreAuthorization: 'true' };
  return [
    { ...common, serviceName: '0-path', servicePath: '/neighbour/path' },
    {
      ...common,
      serviceName: '0-users',
      servicePath: '/neighbour/users',
      users: 'u:p',
      ignoreAuthorization: 'false',
    },
    { ...common, serviceName: '0-domain', serviceDomain: 'neighbour.example', servicePath: '/neighbour' },
  ];
}

/** One service for each label, index and value; its name says nothing of them, so that it fits any place. */
function hostileServices(label: Label): readonly Parameters[] {
  const keys = INDEXED.has(label.name) ? [label.name, `${label.name}.2`] : [label.name];
  return keys.flatMap((key, k) =>
    BREAKING_VALUES.map((value, i) => ({
      'servicePath.1': `/hostile-${label.name}-${k}-${i}`,
      'servicePath.2': `/second-${label.name}-${k}-${i}`,
      port: '8080',
      serviceName: `hostile-${label.name}-${k}-${i}`,
      [key]: value,
    })),
  );
}

function isRaw({ type }: Label): boolean {
  return type.raw === true;
}

/** What this program writes at the beginning of a line in the sections of services. */
const DIRECTIVES =
  /^ {4}(?:acl|balance|bind|compression (?:algo|type)|cookie|default_backend|http-request (?:add-header X-Forwarded-Proto|auth|del-header Authorization|deny|redirect|set-path|set-var)|log|mode (?:http|tcp)|option (?:http-keep-alive|http-server-close|httpclose|http-pretend-keepalive|tcp-check|clitcpka)|retry-on|server|tcp-request|timeout (?:client|server|tunnel)|use_backend|user)\b/;
const SECTIONS = /^(?:backend|frontend tcpFE_|frontend service_|listen tcpListen_|userlist)/;

function ownLines(rendered: RenderedConfig): readonly string[] {
  const owners = ownersOf(rendered);
  return rendered.text.split('\n').filter((_, i) => owners[i]?.startsWith('hostile-') === true);
}

/** Label and value, without the index. */
function kindOf({ service }: RoutedService): string {
  return service.name.replace(/-[0-9]+-([0-9]+)$/, '-$1');
}

interface Read {
  readonly label: Label;
  readonly routed: RoutedService;
}

/** Services whose labels are not refused and that fit beside each other. */
function readable(labels: readonly Label[]): {
  readonly accepted: readonly Read[];
  readonly refused: number;
} {
  const accepted: Read[] = [];
  const taken: RoutedService[] = neighbours().map((one) => routedService(one, settings));
  let refused = 0;
  for (const label of labels) {
    for (const parameters of hostileServices(label)) {
      const { refusal, service } = parseProxyLabels(parameters, settings.labels);
      const routed = routedService(parameters, settings);
      if (refusal || findPortConflicts([...taken, routed], settings).size > 0) refused += 1;
      else if (service.replicas !== 0) accepted.push({ label, routed });
    }
  }
  return { accepted, refused };
}

test('no value of any label adds a line, a directive or a section', () => {
  const labels = CATALOGUE['proxy-configurator'];
  const { accepted, refused } = readable(labels.filter((label) => !isRaw(label)));
  expect(refused).toBeGreaterThan(100);
  expect(accepted.length).toBeGreaterThan(100);
  for (const { routed } of accepted) {
    const lines = ownLines(renderServices([routed], settings));
    for (const line of lines) expect(line).toMatch(line.startsWith(' ') ? DIRECTIVES : SECTIONS);
    expect(lines.filter((line) => line.startsWith('backend'))).toHaveLength(
      routed.service.destinations.filter(({ httpsPort }) => httpsPort === undefined).length +
        routed.service.destinations.filter((one) => one.httpsPort !== undefined).length * 2,
    );
  }
});

test('raw labels stay in their section and on their line', () => {
  const { accepted } = readable(CATALOGUE['proxy-configurator'].filter(isRaw));
  expect(accepted.length).toBeGreaterThan(0);
  for (const { routed } of accepted) {
    const plain = { ...routed.service, backendExtra: undefined };
    const none = { add: [], set: [], del: [] };
    const without = { ...routed, service: { ...plain, requestHeaders: none, responseHeaders: none } };
    const { requestHeaders, responseHeaders, backendExtra, destinations } = routed.service;
    const changes = [requestHeaders, responseHeaders].flatMap(({ add, set, del }) => [
      ...add,
      ...set,
      ...del,
    ]);
    const added = (changes.length + (backendExtra === undefined ? 0 : 1)) * destinations.length;
    const count = (one: RoutedService) => renderServices([one], settings).text.split('\n').length;
    expect(count(routed)).toBe(count(without) + added);
  }
});

/** The sections of the neighbours. */
function neighbourSections({ text }: RenderedConfig): readonly string[] {
  return text.split(/\n(?=\S)/).filter((section) => /^(?:backend|userlist) 0-/.test(section));
}

test('HAProxy takes them all or complains about one by name, and neighbours serve as if they were alone', async () => {
  const own = neighbours().map((one) => routedService(one, settings));
  const alone = neighbourSections(renderServices(own, settings));
  expect(alone).toHaveLength(4);
  let services = readable(CATALOGUE['proxy-configurator'].filter((label) => !isRaw(label))).accepted;
  let file: string | undefined;
  while (file === undefined) {
    const rendered = renderServices([...own, ...services.map(({ routed }) => routed)], settings);
    expect(neighbourSections(rendered)).toEqual(alone);
    const written = writeConfig(rendered, settings);
    const { ok, output } = checkConfig(written);
    if (ok) file = written;
    const found = ok ? new Map<string, string>() : attributeAlerts(output, rendered).services;
    expect(ok || found.size > 0).toBe(true);
    for (const [name, complaint] of found) {
      expect(name).toMatch(/^hostile-/);
      expect(complaint).not.toContain(`unknown keyword '${MARKER}'`);
    }
    // HAProxy would say the same about the other index; asking again for each takes long.
    const guilty = new Set(
      services.flatMap(({ routed }) => (found.has(routed.service.name) ? [kindOf(routed)] : [])),
    );
    services = services.filter(({ routed }) => !guilty.has(kindOf(routed)));
  }
  const haproxy = await startHaproxy(file, [port]);
  try {
    const authorization = `Basic ${Buffer.from('u:p').toString('base64')}`;
    const answers = await Promise.all([
      ask(port, { path: '/neighbour/path/x' }),
      ask(port, { path: '/neighbour/users' }),
      ask(port, { path: '/neighbour/users', headers: { Authorization: authorization } }),
      ask(port, { path: '/neighbour', host: 'neighbour.example:8080' }),
      ask(port, { path: '/neighbourless' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 200, 200, 503]);
    expect((JSON.parse(answers[0].body) as { path: string }).path).toBe('/neighbour/path/x');
  } finally {
    await haproxy.stop();
  }
});

test('what HAProxy does not like about a raw label is said about its service', () => {
  const own = neighbours().map((one) => routedService(one, settings));
  const alone = neighbourSections(renderServices(own, settings));
  const labels = CATALOGUE['proxy-configurator'].filter(({ name }) =>
    /^(?:addReqHeader|backendExtra)$/.test(name),
  );
  for (const { routed } of readable(labels).accepted) {
    const rendered = renderServices([...own, routed], settings);
    expect(neighbourSections(rendered)).toEqual(alone);
    const { ok, output } = checkConfig(writeConfig(rendered, settings));
    const named = [...attributeAlerts(output, rendered).services.keys()];
    expect(named).toEqual(ok ? [] : [routed.service.name]);
  }
});
