import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDockerCli } from './harness/swarm/docker-cli.js';
import { networkVariables } from './harness/swarm/stack.js';
import { createProgress } from './harness/progress.js';
import { dflow } from './harness/programs/dflow.js';
import { deployAll, removeAll, stackFiles, stackVariables } from './story/stack-set.js';
import { tellStory } from './story/story.js';

// Called by scripts/quickstart, which has seen to Docker, the Swarm and the images.
const USAGE = 'usage: node quickstart.js up|down';
const MINUTE_MS = 60_000;

const progress = createProgress((line) => process.stdout.write(`${line}\n`));
const docker = createDockerCli();
const stacksDir = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../../stacks');
const proxyUrl = `http://localhost:${process.env['HTTP_PORT'] ?? '80'}`;

async function up(): Promise<void> {
  const variables = networkVariables(process.env['DF_IPVS'] === 'yes');
  progress.chapter('Checking the labels: dflow lint');
  const note = (line: string) => progress.note(line);
  const files = stackFiles(stacksDir);
  const lint = ['lint', '--together', '--level', 'error', ...files];
  if ((await dflow(lint, stackVariables(variables), note)) === 1)
    throw new Error('labels of the stacks have errors (see above)');
  progress.chapter('Deploying the stacks');
  await deployAll({ docker, stacksDir, variables }, progress, 3 * MINUTE_MS);
  progress.chapter('Waiting until the labels are live: dflow status --wait');
  const programs = ['--prometheus', `${proxyUrl}/monitor`, '--scaler', `${proxyUrl}/scaler`];
  // The story asks for itself, too, and says what is missing.
  await dflow(['status', '--wait', '3m', ...programs, ...files.slice(-1)], stackVariables(variables), note);
  await tellStory({ docker, proxyUrl, progress });
  progress.chapter('That was the loop: labels, routes, alerts, replicas. Look around:');
  progress.note(`the dashboard       ${proxyUrl}/flow/`);
  progress.note(`the demo            ${proxyUrl}/demo/hello`);
  progress.note(`Prometheus alerts   ${proxyUrl}/monitor/alerts`);
  progress.note(`scaler              ${proxyUrl}/scaler/`);
  progress.note('services            docker service ls');
  progress.note('remove everything   scripts/quickstart --down');
}

const commands: Readonly<Record<string, () => Promise<void>>> = {
  up,
  down: () => removeAll(docker, 2 * MINUTE_MS),
};
const command = commands[process.argv[2] ?? ''];
if (!command) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}
try {
  await command();
} catch (error) {
  process.stderr.write(`\nquickstart: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
