// cluster: --nodes 3
// images: loop
// when: ci
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, test } from '@jest/globals';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { runPage } from '../../page/run-page.js';
import { createShellSession } from '../../page/shell-session.js';
import { createProgress } from '../../harness/progress.js';
import { until, type Checked } from '../../harness/until.js';

const cluster = clusterFromEnvironment(process.env);
const { docker, root } = cluster;
const progress = createProgress((line) => process.stderr.write(`${line}\n`));

afterEach(leaveNothing);

const PAGES = [
  'README.md',
  'docs/tutorials/running-the-monitor.md',
  'docs/tutorials/flexible-labels.md',
  'docs/tutorials/proxy-in-a-swarm.md',
  'docs/tutorials/canary.md',
];

test.each(PAGES)('%s does what it says, and leaves nothing behind', async (page) => {
  const session = await createShellSession(root, process.env);
  try {
    await runPage(page, readFileSync(path.join(root, page), 'utf8'), session, (line) => progress.note(line));
  } finally {
    await session.end();
  }
  await until('everything gone', async () => nothingIsLeft(), { everyMs: 1_000 });
});

async function nothingIsLeft(): Promise<Checked<undefined>> {
  const left = [...(await names('service')), ...(await names('secret')), ...(await ownNetworks())];
  return left.length === 0 ? { done: undefined } : { notYet: left.join(', ') };
}

async function names(kind: 'service' | 'secret'): Promise<readonly string[]> {
  return lines(await docker.run([kind, 'ls', '--format', '{{.Name}}']));
}

async function ownNetworks(): Promise<readonly string[]> {
  const overlays = await docker.run(['network', 'ls', '--filter', 'driver=overlay', '--format', '{{.Name}}']);
  return lines(overlays).filter((name) => name !== 'ingress');
}

/** Also after a page that stopped half-way. */
async function leaveNothing(): Promise<void> {
  for (const service of await names('service')) await docker.run(['service', 'rm', service]);
  for (const secret of await names('secret')) await docker.run(['secret', 'rm', secret]).catch(() => '');
  await until(
    'networks removed',
    async () => {
      for (const network of await ownNetworks()) await docker.run(['network', 'rm', network]);
      return { done: undefined };
    },
    { everyMs: 1_000 },
  );
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
