import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

/** What scripts/deploy says on a kernel without IPVS, before it deploys anything. */

const SCRIPTS = fileURLToPath(new URL('../../../../scripts/lib', import.meta.url));
const NO_FILE = path.join(SCRIPTS, 'there-is-no-such-file');
const SOME_FILE = path.join(SCRIPTS, 'ipvs.sh');

function told(variables: Readonly<Record<string, string>>): string {
  const script = '. "$0/messages.sh"; . "$0/ipvs.sh"; modprobe() { :; }; tell_of_ipvs 2>&1';
  return execFileSync('bash', ['-euc', script, SCRIPTS], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'], // bash takes a socket for a remote shell, and reads its start files
    env: { PATH: process.env['PATH'] ?? '', ...variables },
  });
}

test('without IPVS the line to export is printed', () => {
  expect(told({ IPVS_FILE: NO_FILE })).toMatch(
    /no IPVS[\s\S]*\n {2}export ENDPOINT_MODE=dnsrr PORT_MODE=host DISCOVERY_TYPE=DNS /,
  );
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['with IPVS', { IPVS_FILE: SOME_FILE }],
  ['when the stacks do without virtual addresses', { IPVS_FILE: NO_FILE, ENDPOINT_MODE: 'dnsrr' }],
  ['when Docker is on another machine', { IPVS_FILE: NO_FILE, DOCKER_HOST: 'tcp://10.0.0.1:2375' }],
])('%s nothing is said', (_when, variables) => {
  expect(told(variables)).toBe('');
});
