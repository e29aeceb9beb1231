// cluster: --nodes 1
// images: targets
// when: ci
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createProgress } from '../../harness/progress.js';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { networkVariables, removeStacks } from '../../harness/swarm/stack.js';
import { markedBlocks } from '../../page/marked-blocks.js';
import { runPage } from '../../page/run-page.js';
import { createShellSession, type ShellSession } from '../../page/shell-session.js';

/** The tutorial on targets as a newcomer follows it: `@cpu` on a real Swarm, measured by a real cAdvisor. */

const PAGE = 'docs/tutorials/scaling-on-a-target.md';
const cluster = clusterFromEnvironment(process.env);
const { docker, root } = cluster;
const progress = createProgress((line) => process.stderr.write(`${line}\n`));
const mode = cluster.hasIpvs ? 'vip' : 'dnsrr';

/** What the page takes from other people, and where things are on this machine. */
const HERE: readonly (readonly [string, string])[] = [
  ['image: nginx', `image: ${ownImage('demo')}`],
  ['com.df.port=80\n', 'com.df.port=8080\n'],
  ['    deploy:\n', `    deploy:\n      endpoint_mode: ${mode}\n`],
  ['docker service create', `docker service create --no-resolve-image --endpoint-mode ${mode}`],
  ['docker stack deploy', 'docker stack deploy --resolve-image never'],
  ['--prometheus http://localhost/', `--prometheus http://${cluster.address}/`],
  ['src=/var/run/docker.sock', `src=${cluster.dockerSocket}`],
];

let folder: string;
let page: string;
let session: ShellSession;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'target-tutorial-'));
  for (const name of ['stacks', 'packages', 'node_modules'])
    symlinkSync(path.join(root, name), path.join(folder, name));
  const dataRoot = await docker.run(['info', '--format', '{{.DockerRootDir}}']);
  page = [...HERE, ['src=/var/lib/docker,', `src=${dataRoot.trim()},`] as const].reduce(
    (text, [there, here]) => text.replaceAll(there, here),
    readFileSync(path.join(root, PAGE), 'utf8'),
  );
  writeFileSync(path.join(folder, 'docker-compose.yml'), composeFileOf(page));
  const connect = ['localhost', 'web.localhost'].map(
    (host) => `connect-to = "${host}:80:${cluster.address}:80"\n`,
  );
  writeFileSync(path.join(folder, '.curlrc'), connect.join(''));
  session = await createShellSession(folder, {
    ...process.env,
    ...networkVariables(cluster.hasIpvs),
    CURL_HOME: folder,
    DOCKER_SOCKET: cluster.dockerSocket,
    DOMAIN: cluster.address,
  });
});

afterAll(async () => {
  await session.end();
  await docker.run(['service', 'rm', 'cadvisor']).catch(() => '');
  await removeStacks(docker, ['shop', 'flow']);
  rmSync(folder, { recursive: true, force: true });
});

/** The file that the page tells people to write: its first block that is a whole stack. */
function composeFileOf(text: string): string {
  const [, file] = /```yaml\n(services:\n[^`]+networks:\n[^`]+)```/.exec(text) ?? [];
  if (file === undefined) throw new Error(`${PAGE} shows no stack file`);
  return file;
}

test('the page does what it says, from a docker-compose.yml to a service that scales on its CPU', async () => {
  const run = markedBlocks(page).filter(({ mark }) => mark.kind === 'run' || mark.kind === 'until');
  expect(run.length).toBeGreaterThan(4);
  await runPage(PAGE, page, session, (line) => progress.note(line));
});
