// cluster: --nodes 1
// images: certificates
// when: ci
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startPebble, type Pebble } from '@docker-flow/testkit';
import { createProgress } from '../../harness/progress.js';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { createSecret, removeStacks } from '../../harness/swarm/stack.js';
import { markedBlocks } from '../../page/marked-blocks.js';
import { runPage } from '../../page/run-page.js';
import { createShellSession, type ShellSession } from '../../page/shell-session.js';

/** The tutorial on HTTPS as it stands, with a real authority in the place of Let's Encrypt: Debian's pebble, outside of the cluster. */

const PAGE = 'docs/tutorials/https-in-five-minutes.md';
const DOMAIN = 'www.example.com';
const cluster = clusterFromEnvironment(process.env);
const { docker, root } = cluster;
const progress = createProgress((line) => process.stderr.write(`${line}\n`));

/** What the page takes from other people, and what of it is here. */
const HERE: readonly (readonly [string, string])[] = [
  ['com.df.port=80 ', 'com.df.port=8080 '],
  ['  nginx', `  ${ownImage('demo')}`],
  [
    'curlimages/curl -s',
    `${ownImage('demo')} node -e 'fetch(process.argv[1]).then(async (answer) => console.log(await answer.text()))'`,
  ],
  [
    'docker service create',
    `docker service create --no-resolve-image --endpoint-mode ${cluster.hasIpvs ? 'vip' : 'dnsrr'}`,
  ],
  ['docker stack deploy', 'docker stack deploy --resolve-image never'],
];

let folder: string;
let pebble: Pebble;
let session: ShellSession;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'https-'));
  pebble = await startPebble({ httpPort: 80, host: cluster.gateway, target: cluster.address });
  await createSecret(docker, 'pebble_ca', pebble.ca);
  cpSync(cluster.stacksDir, path.join(folder, 'stacks'), { recursive: true });
  // As the end of the page says: who signs pebble's own certificate is a secret of the service.
  const stack = path.join(folder, 'stacks/certificates.yml');
  const text = readFileSync(stack, 'utf8').replace(
    '    volumes:\n',
    '    secrets: [pebble_ca]\n    volumes:\n',
  );
  writeFileSync(stack, `${text}\nsecrets: {pebble_ca: {external: true}}\n`);
  writeFileSync(path.join(folder, 'root.pem'), await pebble.root());
  const toCluster = `connect-to = "${DOMAIN}:443:${cluster.address}:443"`;
  writeFileSync(path.join(folder, '.curlrc'), `${toCluster}\ncacert = "${path.join(folder, 'root.pem')}"\n`);
  session = await createShellSession(folder, {
    ...process.env,
    CURL_HOME: folder,
    DIRECTORY_URL: pebble.directoryUrl,
    CA_FILE: '/run/secrets/pebble_ca',
  });
});

afterAll(async () => {
  await session.end();
  await pebble.stop();
  await docker.run(['service', 'rm', 'web']).catch(() => '');
  await removeStacks(docker, ['certificates', 'proxy']);
  rmSync(folder, { recursive: true, force: true });
});

test('the page does what it says, down to a certificate that is trusted', async () => {
  const page = HERE.reduce(
    (text, [there, here]) => text.replaceAll(there, here),
    readFileSync(path.join(root, PAGE), 'utf8'),
  );
  const run = markedBlocks(page).filter(({ mark }) => mark.kind !== 'not run');
  expect(run.length).toBeGreaterThan(5);
  await runPage(PAGE, page, session, (line) => progress.note(line));
});
