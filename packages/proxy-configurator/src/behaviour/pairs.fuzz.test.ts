import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseProxyLabels, type Parameters } from '@docker-flow/labels';
import { fuzzParameters, fuzzTimeoutMs } from '@docker-flow/testkit';
import fc from 'fast-check';
import { assignCertificateNames } from '../core/certificates/assign-names.js';
import { hostClaims } from '../core/certificates/host-claims.js';
import { attributeAlerts } from '../core/changes/attribute-alerts.js';
import { findPortConflicts } from '../core/entry-ports/entry-port-conflicts.js';
import type { RoutedService } from '../core/model/routed-service.js';
import type { Settings } from '../core/model/settings.js';
import type { RenderedConfig } from '../core/text/render.js';
import { FUZZED_LABELS, MARKER, hostileValue } from '../testing/hostile-values.js';
import { checkConfig, makeRoot, writeConfig } from '../testing/live-haproxy.js';
import { ownersOf, renderServices, routedService, settingsOf } from '../testing/render-services.js';

/**
 * A service that is there (the victim) and another one that comes (the newcomer), whatever its name and labels: what
 * HAProxy is given of the victim is the same, byte for byte: lines, users, table entries, and certificates.
 */

let place: ReturnType<typeof makeRoot>;
let settings: Settings;
beforeAll(() => {
  place = makeRoot();
  settings = settingsOf(place.root, { USERS: 'admin:secret' });
});
afterAll(() => place.remove());

const VICTIMS: readonly Parameters[] = [
  { servicePath: '/bank', port: '80', users: 'clerk:secret' },
  {
    serviceDomain: 'bank.test,*.bank.test',
    servicePath: '/',
    servicePathExclude: '/internal',
    port: '80',
    httpsPort: '443',
    redirectFromDomain: 'old.bank.test',
  },
  {
    'servicePath.1': '/bank',
    'port.1': '80',
    'servicePath.2': '/bank/pay',
    'port.2': '180',
    'allowFrom.2': '10.0.0.0/8',
  },
  { reqMode: 'tcp', srcPort: '9000', port: '9000' },
  { 'reqMode.1': 'tcp', 'srcPort.1': '5432', 'port.1': '15432', 'serviceGroup.1': 'db' },
  { isDefaultBackend: 'true', servicePath: '/', port: '80' },
].map((labels) => ({ ...labels, serviceName: 'bank' }));

/** Names that come near the victim's, and near what is made of names. */
const NAMES = [
  'exclude_bank',
  'url_bank',
  'https-bank',
  'http_bank',
  'bank1',
  'bank-be80_0',
  'bankUsers',
  'aa',
  'zz',
  'BANK',
  'ban',
  'bank_',
  'default',
  'defaultUsers',
  'services',
  'acme_bank',
  'certified_bank',
  'asked_bank',
  'canary_bank',
  'auth-bank-80',
  'tcpFE_9000',
  'db',
  'stats',
  'global',
  '__proto__',
] as const;

const NEAR = [
  'bank',
  'bank.test',
  '*.bank.test',
  'old.bank.test',
  '/bank',
  '/bank/pay',
  '/',
  '80',
  '180',
  '443',
  '9000',
  '5432',
  '15432',
  'db',
  'clerk',
  'clerk:mine',
  'hdr_end(host)',
  'path_reg',
  'true',
  'false',
  '0',
  'http://bank/',
] as const;

/** A canary takes a share of its stable version's requests: that is what it is for, and docs/security.md says so. */
const LABELS = [...FUZZED_LABELS.filter((name) => name !== 'canaryOf'), 'aclName', 'replicas'];

const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NEAR) },
  { weight: 1, arbitrary: hostileValue },
);
const newcomer: fc.Arbitrary<Parameters> = fc
  .record({
    name: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...NAMES) },
      { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 12 }) },
    ),
    labels: fc.dictionary(fc.constantFrom(...LABELS), value, {
      maxKeys: 7,
      noNullPrototype: true,
    }),
  })
  .map(({ name, labels }) => ({ servicePath: '/x', port: '8080', ...labels, serviceName: name }));

/** Routes that a table has found count where they stand in the order of services. */
const PLACE_IN_ORDER = / !\{ var\(txn\.df_route_[0-9]+\),field\(1,\|\) -m int lt [0-9]+ \}$/;

/** Everything that HAProxy is given of the victim: its lines, and where keys of tables lead, without the place in order. */
function partsOf(rendered: RenderedConfig) {
  const { text, tables } = rendered;
  const owners = ownersOf(rendered);
  const lines = text.split('\n').filter((_line, at) => owners[at] === 'bank');
  const backends = new Set(lines.flatMap((line) => /^backend (\S+)/.exec(line)?.[1] ?? []));
  const entries = [...tables.values()].flatMap((table) =>
    table.split('\n').flatMap((entry) => {
      const [, key = '', backend = ''] = /^(.*) [0-9]{6}\|(\S+)$/.exec(entry) ?? [];
      return key === '' ? [] : [{ key, backend }];
    }),
  );
  return { lines: lines.map((line) => line.replace(PLACE_IN_ORDER, '')), backends, entries };
}

type Parts = ReturnType<typeof partsOf>;

/** Keys that led to the victim and lead nowhere any more; who asks for the same path comes before or after it, by the rules. */
function lostKeys(before: Parts, after: Parts): readonly string[] {
  const there = new Set(after.entries.map(({ key }) => key));
  return before.entries.flatMap(({ key }) => (there.has(key) ? [] : [key]));
}

/**
 * Keys that lead to the victim only since the newcomer is there. A path of the newcomer's below one of the victim's, which
 * comes first, is a key of its own and leads where it led before.
 */
function newKeys(before: Parts, after: Parts): readonly string[] {
  const ledThere = (key: string, backend: string) =>
    before.entries.some((one) => one.backend === backend && key.startsWith(one.key));
  return after.entries.flatMap(({ key, backend }) =>
    before.backends.has(backend) && !ledThere(key, backend) ? [key] : [],
  );
}

const NAMES_SHOWN = ['bank.test', '*.bank.test', 'old.bank.test'];

/** Who shows which name when both bring a certificate, the newcomer one for the names of the victim. */
function shownByVictim(victim: RoutedService, other: RoutedService): readonly string[] {
  const certificate = { service: 'bank', names: NAMES_SHOWN };
  const assign = (services: readonly RoutedService[], before: ReturnType<typeof assignCertificateNames>) =>
    assignCertificateNames(
      services.map(({ service }) => ({ ...certificate, service: service.name })),
      {
        operator: [],
        before,
        claims: hostClaims(
          services.map(({ service }) => service),
          { defaultAlgo: settings.labels.domainAlgo },
        ),
      },
    );
  const shown = assign([other, victim], assign([victim], []));
  return shown.find(({ service }) => service === 'bank')?.names ?? [];
}

let compared = 0;
/** The real checker takes 40 ms. */
const CHECKED_ONE_OF = Number(process.env['FUZZ_RUNS'] ?? 0) > 0 ? 200 : 20;

test(
  'whatever comes beside a service, what HAProxy is given of it stays the same',
  () => {
    const alone = new Map(
      VICTIMS.map((victim) => {
        const routed = routedService(victim, settings);
        return [victim, { routed, parts: partsOf(renderServices([routed], settings)) }];
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...VICTIMS), newcomer, (victim, parameters) => {
        const before = alone.get(victim);
        if (!before || parameters['serviceName'] === 'bank') return;
        const { refusal } = parseProxyLabels(parameters, settings.labels);
        if (refusal) return;
        const other = routedService(parameters, settings);
        // Of two that cannot share an entry port one is rejected, by a rule of its own.
        if (findPortConflicts([before.routed, other], settings).size > 0) return;
        const rendered = renderServices([before.routed, other], settings);
        const parts = partsOf(rendered);
        expect(parts.lines).toEqual(before.parts.lines);
        expect([lostKeys(before.parts, parts), newKeys(before.parts, parts)]).toEqual([[], []]);
        const hasDomains = before.routed.service.destinations.some(({ domains }) => domains.length > 0);
        expect(hasDomains ? shownByVictim(before.routed, other) : NAMES_SHOWN).toEqual(NAMES_SHOWN);
        compared += 1;
        if (compared % CHECKED_ONE_OF !== 0) return;
        const { ok, output } = checkConfig(writeConfig(rendered, settings));
        expect(output).not.toContain(`unknown keyword '${MARKER}'`);
        if (ok) return;
        expect([...attributeAlerts(output, rendered).services.keys()]).not.toContain('bank');
      }),
      fuzzParameters(300),
    );
    expect(compared).toBeGreaterThan(50);
  },
  fuzzTimeoutMs(60_000),
);
