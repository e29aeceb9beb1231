// Health check of the images, without curl: exit code 0 when the program answers, 1 with the reason when not.
//
//   node health-check.mjs [--process NAME] [--until PATH]
//
//   --process NAME   a process of this name must run as well
//   --until PATH     wait until this path answers 200, too (below Docker's time limit for one check)
//
// It asks /healthz at DF_LISTEN_ADDRESS (default port 8080). HEALTHCHECK=false switches it off.
import { readFileSync, readdirSync } from 'node:fs';
import { get } from 'node:http';
import { parseArgs } from 'node:util';

const ANSWER_LIMIT_MS = 4_000;
const UNTIL_LIMIT_MS = 8_000;
const PAUSE_MS = 500;

const { values: options } = parseArgs({
  options: { process: { type: 'string' }, until: { type: 'string' } },
});

if (!/^(0|f|false)$/i.test(process.env.HEALTHCHECK ?? '')) {
  const problem = await findProblem();
  if (problem !== undefined) {
    console.error(problem);
    process.exitCode = 1;
  }
}

async function findProblem() {
  const problem = await ask('/healthz', ANSWER_LIMIT_MS);
  if (problem !== undefined) return problem;
  if (options.process !== undefined && !runs(options.process)) return `no process ${options.process} runs`;
  return options.until === undefined ? undefined : waitFor(options.until);
}

async function waitFor(path) {
  const end = performance.now() + UNTIL_LIMIT_MS;
  for (;;) {
    const leftMs = end - performance.now();
    const problem = await ask(path, Math.max(leftMs, PAUSE_MS));
    if (problem === undefined || leftMs < PAUSE_MS) return problem;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function ask(path, limitMs) {
  const url = address() + path;
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(Math.ceil(limitMs));
    get(url, { signal, agent: false }, (response) => {
      response.destroy();
      resolve(response.statusCode === 200 ? undefined : `${url} answered ${response.statusCode}`);
    }).once('error', (error) => resolve(`${url}: ${error.message}`));
  });
}

function address() {
  const [, host, port] = /^(.*):(\d+)$/.exec(process.env.DF_LISTEN_ADDRESS || ':8080') ?? [];
  const anywhere = ['', '0.0.0.0', '[::]'].includes(host);
  return `http://${anywhere ? '127.0.0.1' : host}:${port}`;
}

function runs(name) {
  return readdirSync('/proc').some((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      return readFileSync(`/proc/${entry}/comm`, 'utf8').trim() === name;
    } catch {
      return false; // it ended while we looked
    }
  });
}
