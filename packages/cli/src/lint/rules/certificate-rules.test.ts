import { describe, expect, test } from '@jest/globals';
import { lintText } from '../../testing/lint-text.js';
import { stackOf } from '../../testing/run-command.js';

const PORT = 'com.df.port=80';
const ACME = [PORT, 'com.df.serviceDomain=a.acme.com', 'com.df.acme=true'];

/** Services with their labels, and other services as they stand in a file. */
function withPrograms(
  labels: Readonly<Record<string, readonly string[]>>,
  ...programs: readonly string[]
): string {
  return stackOf(labels).replace('services:\n', `services:\n${programs.join('')}`);
}

function program(name: string, image: string, ...lines: readonly string[]): string {
  return `  ${name}:\n    image: ${image}\n    networks: [proxy]\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

const PROXY = program('proxy', 'dockerflow/docker-flow-proxy');
const VOLUME = 'volumes: ["state:/state"]';
const certificates = (...lines: readonly string[]) =>
  program('certificates', 'dockerflow/docker-flow-certificates', VOLUME, ...lines);

describe('of one service', () => {
  test.each([
    ['a name of its own domain', ACME, []],
    [
      'no name that an authority knows',
      [PORT, 'com.df.serviceDomain=localhost', 'com.df.acme=true'],
      ['DF601 com.df.serviceDomain'],
    ],
    ['no name at all', ['com.df.servicePath=/a', PORT, 'com.df.acme=true'], ['DF602 com.df.acme']],
    [
      'a wildcard where nobody knows the DNS',
      [PORT, 'com.df.serviceDomain=*.acme.com', 'com.df.acme=true'],
      [],
    ],
    [
      'bytes',
      [PORT, 'com.df.reqMode=tcp', 'com.df.srcPort=99', 'com.df.acmeDomains=a.acme.com'],
      ['DF604 com.df.acmeDomains'],
    ],
    [
      'names of sni',
      [
        PORT,
        'com.df.reqMode=sni',
        'com.df.srcPort=8443',
        'com.df.serviceDomain=a.acme.com',
        'com.df.acme=true',
      ],
      ['DF604 com.df.acme'],
    ],
    [
      'labels of the companion beside ours',
      [...ACME, 'com.df.letsencrypt.email=a@acme.com'],
      ['DF606 com.df.letsencrypt.email'],
    ],
    [
      'more names than an authority takes',
      [
        PORT,
        'com.df.servicePath=/',
        `com.df.acmeDomains=${Array.from({ length: 101 }, (_, i) => `n${i}.acme.com`).join(',')}`,
      ],
      ['DF607 com.df.acmeDomains'],
    ],
  ])('%s', async (_, labels, expected) => {
    expect(await lintText(stackOf({ web: labels }))).toEqual(expected);
  });
});

describe('with the programs in the files', () => {
  const wildcard = [PORT, 'com.df.serviceDomain=*.acme.com', 'com.df.acme=true'];
  const redirected = [PORT, 'com.df.serviceDomain=a.acme.com', 'com.df.httpsOnly=true'];
  test.each([
    ['all is there', { web: ACME }, [PROXY, certificates()], []],
    ['a wildcard without DNS', { web: wildcard }, [PROXY, certificates()], ['DF601 com.df.serviceDomain']],
    [
      'a wildcard with DNS',
      { web: wildcard },
      [PROXY, certificates('environment: [DNS_PROVIDER=rfc2136]')],
      [],
    ],
    [
      'a name that may not be ordered',
      { web: ACME },
      [PROXY, certificates('environment: ["ACME_ALLOW=*.other.com"]')],
      ['DF601 com.df.serviceDomain'],
    ],
    [
      'such a name where acmeDomains has it, too',
      { web: [...ACME, 'com.df.acmeDomains=a.acme.com'] },
      [PROXY, certificates('environment: ["ACME_ALLOW=*.other.com"]')],
      ['DF601 com.df.acmeDomains'],
    ],
    [
      'a proxy without TLS',
      { web: ACME },
      [program('proxy', 'x/docker-flow-proxy', 'environment: [DEFAULT_PORTS=80]')],
      ['DF605 com.df.acme'],
    ],
    ['redirects to TLS without a certificate', { web: redirected }, [PROXY], ['DF611 com.df.httpsOnly']],
    [
      'redirects with a secret',
      { web: redirected },
      [program('proxy', 'x/docker-flow-proxy', 'secrets: [cert-acme]')],
      [],
    ],
    [
      'redirects with a volume',
      { web: redirected },
      [program('proxy', 'x/docker-flow-proxy', 'volumes: ["c:/certs"]')],
      [],
    ],
    ['redirects where nobody knows the proxy', { web: redirected }, [], []],
    [
      'the old companion',
      { web: ACME },
      [PROXY, certificates(), program('old', 'nib0r/docker-flow-proxy-letsencrypt')],
      ['DF609 old'],
    ],
    ['two replicas', { web: ACME }, [PROXY, certificates('deploy: {replicas: 2}')], ['DF610 certificates']],
    [
      'nothing is kept',
      { web: ACME },
      [PROXY, program('certificates', 'docker-flow-certificates')],
      ['DF610 certificates'],
    ],
    [
      'two services with a part of their names',
      {
        web: ACME,
        shop: [
          PORT,
          'com.df.servicePath=/s',
          'com.df.serviceDomain=a.acme.com,b.acme.com',
          'com.df.acme=true',
        ],
      },
      [],
      ['DF608 com.df.acme'],
    ],
  ])('%s', async (_, labels, programs, expected) => {
    expect(await lintText(withPrograms(labels, ...programs))).toEqual(expected);
  });

  test('names that lead nowhere are told of when all services are there', async () => {
    const stack = stackOf({ web: [...ACME, 'com.df.acmeDomains=a.acme.com,b.acme.com'] });
    expect(await lintText(stack)).toEqual([]);
    expect(await lintText(stack, { isTogether: true })).toEqual(['DF603 com.df.acmeDomains']);
  });
});

test('variables of a program that cannot be read cost only themselves', async () => {
  const proxy = program(
    'proxy',
    'docker-flow-proxy',
    'environment: [TIMEOUT_CONNECT=soon, DEFAULT_PORTS=80]',
  );
  const tcp = ['com.df.reqMode=tcp', 'com.df.srcPort=443', PORT];
  expect(await lintText(withPrograms({ web: ['com.df.servicePath=/', PORT], db: tcp }, proxy))).toEqual([]);
});
