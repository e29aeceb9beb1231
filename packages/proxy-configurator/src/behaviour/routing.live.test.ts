import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Parameters, ProxyDestination, ProxyService } from '@docker-flow/labels';
import { explainRoute } from '../core/explain/explain.js';
import type { RoutedService } from '../core/model/routed-service.js';
import { compareServices } from '../core/model/service-order.js';
import { ask, freePorts, startHaproxy, writeConfig, checkConfig } from '../testing/live-haproxy.js';
import { useLiveWorld } from '../testing/live-world.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';

const world = useLiveWorld();

interface Request {
  readonly port: number;
  readonly host: string;
  readonly path: string;
  readonly agent: string;
}

/** The order and the conditions of the specification, written down as plainly as possible. */
function expectedService(services: readonly ProxyService[], request: Request): string | undefined {
  for (const service of [...services].sort(compareServices)) {
    for (const destination of service.destinations) {
      if (takes(service, destination, request)) return service.name;
    }
  }
  return undefined;
}

function takes(
  service: ProxyService,
  destination: ProxyDestination,
  { port, host, path, agent }: Request,
): boolean {
  const plainPath = path.split('?')[0] ?? '';
  const matches = (value: string) => {
    if (destination.pathType === 'path') return plainPath === value;
    if (destination.pathType === 'path_end') return plainPath.endsWith(value);
    return plainPath.startsWith(value);
  };
  const lower = host.toLowerCase();
  const ofDomain = (value: string) => {
    const domain = value.toLowerCase();
    if (domain.startsWith('*')) {
      return lower.endsWith(domain.slice(1)) || (lower.split(':')[0] ?? '').endsWith(domain.slice(1));
    }
    return service.domainAlgo === 'hdr(host)' ? lower === domain : lower.startsWith(domain);
  };
  return (
    destination.paths.some(matches) &&
    !destination.pathsExcluded.some(matches) &&
    (destination.domains.length === 0 || destination.domains.some(ofDomain)) &&
    (destination.userAgents.length === 0 ||
      destination.userAgents.some((one) => agent.toLowerCase().includes(one.toLowerCase()))) &&
    (destination.srcPort === undefined || destination.srcPort === port)
  );
}

const path = fc.constantFrom('/', '/a', '/ab', '/a/b', '/a/b/c', '/b', '/.well-known/x', '/c/d', '/C');
const domain = fc.constantFrom('a.test', 'a.te', 'b.test', '*.a.test', 'x.a.test', 'A.TEST:80', '*.test');
const list = (one: fc.Arbitrary<string>) =>
  fc.uniqueArray(one, { minLength: 1, maxLength: 3 }).map((values) => values.join(','));

function servicesArbitrary(ports: readonly number[]) {
  const service = fc.record(
    {
      servicePath: list(path),
      serviceDomain: list(domain),
      serviceDomainAlgo: fc.constantFrom('hdr(host)', 'hdr_beg(host)'),
      pathType: fc.constantFrom('path', 'path_beg', 'path_end'),
      servicePathExclude: list(path),
      userAgent: fc.constantFrom('curl', 'Mozilla,x'),
      srcPort: fc.constantFrom(...ports.map(String)),
    },
    { requiredKeys: [] },
  );
  return fc.array(service, { minLength: 1, maxLength: 12 }).map((all) =>
    all.map((one, i): Parameters => {
      const some = Object.fromEntries(
        Object.entries(one).filter(([name]) => !/Exclude|userAgent|srcPort/.test(name) || i % 3 === 0),
      );
      const name = `s${String.fromCharCode(97 + ((i * 7) % 26))}`;
      return {
        ...(some['serviceDomain'] ? {} : { servicePath: '/a' }),
        ...some,
        serviceName: name,
        port: String(world.echoPort),
      };
    }),
  );
}

const request = (ports: readonly number[]) =>
  fc.record({
    port: fc.constantFrom(...ports),
    host: fc.constantFrom(
      'a.test',
      'A.test:8080',
      'b.test',
      'x.a.test',
      'x.a.test:80',
      'a.testing',
      'c',
      'a.test:80',
    ),
    path: fc.constantFrom(
      '/',
      '/a',
      '/abc',
      '/a/b',
      '/a/b/c/d?x=1',
      '/b/',
      '/c',
      '/c/d',
      '/.well-known/x/y',
      '/C/d',
    ),
    agent: fc.constantFrom('curl/8', 'mozilla'),
  });

test('requests go to the first service in order whose conditions hold, found by table or tried', async () => {
  const ports = await freePorts(2);
  const settings = settingsOf(world.root, {
    DEFAULT_PORTS: ports.join(','),
    EXTRA_FRONTEND: 'http-after-response set-header X-Backend %[be_name]',
  });
  await fc.assert(
    fc.asyncProperty(
      servicesArbitrary(ports),
      fc.array(request(ports), { minLength: 25, maxLength: 25 }),
      async (parameters, requests) => {
        const services: RoutedService[] = parameters.map((one) => routedService(one, settings));
        const file = writeConfig(renderServices(services, settings), settings);
        const haproxy = await startHaproxy(file, ports);
        try {
          const answers = await Promise.all(
            requests.map(({ port, agent, ...rest }) =>
              ask(port, { ...rest, headers: { 'User-Agent': agent } }),
            ),
          );
          const got = answers.map(({ headers, status }) =>
            status === 200 ? String(headers['x-backend']).replace(/-be.*/, '') : undefined,
          );
          const all = services.map(({ service }) => service);
          expect(got).toEqual(requests.map((one) => expectedService(all, one)));
          const explained = requests.map(({ host, path: target, port, agent }) =>
            explainRoute({ host, path: target, port, headers: { 'user-agent': agent } }, services, settings),
          );
          expect(explained.map(({ taken }) => taken?.service)).toEqual(got);
        } finally {
          await haproxy.stop();
        }
      },
    ),
    { numRuns: 20 },
  );
});

test('HAProxy has nothing to remark about a plain configuration', () => {
  const settings = settingsOf(world.root);
  const services = [
    { serviceName: 'web', servicePath: '/web', port: '80' },
    { serviceName: 'api', serviceDomain: 'a.test,*.b.test', port: '81', users: 'a:b' },
  ].map((one) => routedService(one, settings));
  const file = writeConfig(renderServices(services, settings), settings);
  expect(checkConfig(file)).toEqual({ ok: true, output: '' });
});
