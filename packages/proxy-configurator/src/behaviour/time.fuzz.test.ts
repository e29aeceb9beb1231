import { describe, expect, test } from '@jest/globals';
import { withoutCredentials } from '@docker-flow/labels';
import { growthOfTime } from '@docker-flow/testkit';
import { readTemplate, toTemplateValue } from '@docker-flow/go-template';
import { hostNamesOf, lacksPrivateKey, withoutPrivateKey } from '../certificates/pem.js';
import { alertsOf, attributeAlerts } from '../core/changes/attribute-alerts.js';
import { readCertificateList } from '../core/changes/certificate-list.js';
import { explainRoute } from '../core/explain/explain.js';
import { readProcesses } from '../core/haproxy-output/show-proc.js';
import { readStatistics } from '../core/haproxy-output/statistics-csv.js';
import { maskSecrets, passwordsIn } from '../core/text/mask-secrets.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';

/** A label may be as long as a request, a certificate as a body: nothing may take the square of the length. */

const SAMPLES = [
  'a',
  ' ',
  '\n',
  ',',
  'a,',
  '/',
  '//',
  '/../',
  '%61',
  '.',
  'a.',
  '*.',
  '(',
  '"',
  "'",
  '\\',
  '{',
  '{{',
  '{{.A}}',
  ':',
  'a:b,',
  'a://',
  'token',
  'user a password ',
  '\n    user a password b',
  "\n    user 'a' password ",
  '\n    stats auth a:b',
  '[ALERT] (1) : config : ',
  '\n[ALERT] (1) : parsing [/cfg/haproxy.cfg:1] : ',
  "backend 'x' ",
  '-----BEGIN A-----',
  '-----BEGIN A-----\n-----END B-----\n',
  '-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n',
  '-',
  '#',
] as const;
const LENGTH = 3_000;
const FACTOR = 16;
/** Between in proportion (16) and its square (256): garbage has to be collected, too. */
const MOST = 4 * FACTOR;

function growth(read: (text: string) => unknown, sample: string): number {
  return growthOfTime((length) => read(`x${sample.repeat(Math.ceil(length / sample.length))}`), {
    length: LENGTH,
    factor: FACTOR,
  });
}

const settings = settingsOf('/nowhere');
const rendered = renderServices(
  [routedService({ serviceName: 'a', servicePath: '/a', port: '80', users: 'u:p' }, settings)],
  settings,
);

function render(labels: Readonly<Record<string, string>>): unknown {
  const service = routedService({ serviceName: 's', servicePath: '/s', port: '80', ...labels }, settings);
  return renderServices([service], settings);
}

function execute(text: string): unknown {
  try {
    return readTemplate(text).execute(toTemplateValue({ A: 'a' }));
  } catch {
    // What is no template has been read all the same.
    return undefined;
  }
}

describe('time in proportion to the length is what takes', () => {
  test.each(
    Object.entries<(text: string) => unknown>({
      'the paths of a service': (text) => render({ servicePath: text, servicePathExclude: text }),
      'the domains of a service': (text) => render({ serviceDomain: text, redirectFromDomain: text }),
      'the users of a service': (text) => render({ users: text }),
      'the headers of a service': (text) =>
        render({ addReqHeader: text, setResHeader: text, backendExtra: text }),
      'a question about routes': (text) =>
        explainRoute(
          { host: text, path: `/${text}`, port: 80, headers: { cookie: text } },
          [
            routedService(
              {
                serviceName: 's',
                serviceDomain: '*.s',
                serviceDomainAlgo: 'hdr_dom(host)',
                servicePath: '/s',
                port: '80',
              },
              settings,
            ),
          ],
          settings,
        ),
      'a certificate': (text) => [hostNamesOf(text), lacksPrivateKey(text), withoutPrivateKey(text)],
      'a configuration whose passwords are masked': (text) => [maskSecrets(text), passwordsIn(text)],
      'what HAProxy complains about': (text) => [alertsOf(text), attributeAlerts(text, rendered)],
      'what HAProxy says of its processes': (text) => readProcesses(text),
      'the statistics of HAProxy': (text) => readStatistics(text),
      'a list of certificates': (text) => readCertificateList(text, '/cfg'),
      'what is shown of an address': (text) => withoutCredentials(`?${text}`),
      'a template': execute,
    }),
  )('%s', (_what, read) => {
    for (const sample of SAMPLES) expect([sample, growth(read, sample) < MOST]).toEqual([sample, true]);
  });
});
