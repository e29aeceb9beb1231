import type { ClusterNode, Nodes } from './nodes.js';

/** A container of one of the stack's services that runs. */
export interface Container {
  readonly node: ClusterNode;
  readonly id: string;
}

/** The stack of a program where that is not the one of production.yml. */
const STACKS: Readonly<Record<string, string>> = { certificates: 'certificates' };
const serviceOf = (program: string) => `${STACKS[program] ?? 'flow'}_${program}`;
const TIMEOUT_MS = 60_000;

/** Those of a program on all nodes that answer, in the order of the nodes. */
export async function containersOf({ all }: Nodes, program: string): Promise<readonly Container[]> {
  const filters = { label: [`com.docker.swarm.service.name=${serviceOf(program)}`], status: ['running'] };
  const path = `/containers/json?filters=${encodeURIComponent(JSON.stringify(filters))}`;
  const found = await Promise.all(
    all.map(async (node) => {
      const answer = await node.engine.call('GET', path).catch(() => undefined);
      const list = answer?.status === 200 ? (answer.body as readonly { readonly Id: string }[]) : [];
      return list.map(({ Id: id }) => ({ node, id }));
    }),
  );
  return found.flat();
}

interface EndedContainer {
  readonly Name: string;
  readonly State: {
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly FinishedAt: string;
    readonly Health?: { readonly Status: string; readonly Log?: readonly { readonly Output: string }[] };
  };
}

/** How containers of a program have ended that are still there to be asked, in words. */
export async function endingsOf({ all }: Nodes, program: string): Promise<readonly string[]> {
  const filters = { label: [`com.docker.swarm.service.name=${serviceOf(program)}`], status: ['exited'] };
  const found = await Promise.all(
    all.map(async ({ engine }) => {
      const path = `/containers/json?filters=${encodeURIComponent(JSON.stringify(filters))}`;
      const list = (await engine.call('GET', path)).body as readonly { readonly Id: string }[];
      return Promise.all(
        list.map(async ({ Id: id }) => (await engine.call('GET', `/containers/${id}/json`)).body),
      );
    }),
  );
  return (found.flat() as readonly EndedContainer[]).map(({ Name: name, State: state }) => {
    const check = state.Health?.Log?.at(-1)?.Output.trim() ?? '';
    const health = state.Health === undefined ? '' : `, ${state.Health.Status} ${check}`;
    return `${name} ended with ${state.ExitCode} at ${state.FinishedAt}${state.OOMKilled ? ', out of memory' : ''}${health}`;
  });
}

/** Sends a signal to the first process of a container. */
export async function signal({ node, id }: Container, name: 'KILL' | 'STOP' | 'CONT'): Promise<void> {
  await node.engine.call('POST', `/containers/${id}/kill?signal=${name}`);
}

/** Id of the first process of a container, as its node counts. */
export async function firstProcess({ node, id }: Container): Promise<number> {
  const answer = await node.engine.call('GET', `/containers/${id}/json`);
  return (answer.body as { readonly State: { readonly Pid: number } }).State.Pid;
}

/** Runs JavaScript in a container of ours; what it prints is the answer. */
export async function runInside(
  { node, id }: Container,
  script: string,
  ...args: readonly string[]
): Promise<string> {
  return node.docker.run(['exec', id, 'node', '--input-type=commonjs', '-e', script, ...args], {
    timeoutMs: TIMEOUT_MS,
  });
}

/** A process in a container. */
export interface InnerProcessState {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly memoryMb: number;
  /** `undefined` where it belongs to another user. */
  readonly descriptors?: number;
}

const LOOK = `
const { readdirSync, readFileSync } = require('node:fs');
const processes = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name) && Number(name) !== process.pid).flatMap((pid) => {
  try {
    const status = readFileSync('/proc/' + pid + '/status', 'utf8');
    const field = (name) => (new RegExp('^' + name + ':\\\\s+(\\\\d+)', 'm').exec(status) ?? [])[1];
    const command = readFileSync('/proc/' + pid + '/cmdline', 'utf8').split('\\0').join(' ').trim();
    let descriptors;
    try { descriptors = readdirSync('/proc/' + pid + '/fd').length; } catch {}
    return [{ pid: Number(pid), parent: Number(field('PPid')), command, memoryMb: Number(field('VmRSS')) / 1024, descriptors }];
  } catch { return []; }
});
let token = '';
for (const name of ['api_token', 'scaler_token', 'dfp_api_token'])
  try { token = readFileSync('/run/secrets/' + name, 'utf8').trim(); } catch {}
const headers = token === '' ? {} : { authorization: 'Bearer ' + token };
Promise.all(process.argv.slice(1).map(async (url) => {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(20000) });
  return { status: answer.status, text: await answer.text() };
})).then((answers) => process.stdout.write(JSON.stringify({ processes, answers })));
`;

export interface Look {
  readonly processes: readonly InnerProcessState[];
  /** One for each URL. */
  readonly answers: readonly { readonly status: number; readonly text: string }[];
}

/** The processes of a container, and what URLs answer from inside, where its API token is known. */
export async function lookInside(container: Container, ...urls: readonly string[]): Promise<Look> {
  return JSON.parse(await runInside(container, LOOK, ...urls)) as Look;
}

/**
 * The answer as JSON.
 *
 * @throws {Error} when its status is not 200
 */
export function jsonOf(look: Look, place: number): unknown {
  const answer = look.answers[place];
  if (answer?.status !== 200)
    throw new Error(`status ${String(answer?.status)}: ${answer?.text.slice(0, 200) ?? ''}`);
  return JSON.parse(answer.text) as unknown;
}

/** Our own program among the processes of a container. */
export function mainProcess({ processes }: Look): InnerProcessState | undefined {
  return processes.find(({ command }) =>
    /^(?:\S*\/)?node .*(?:dist\/main\.js|socket-proxy\.mjs)/.test(command),
  );
}

export function haproxyProcesses({ processes }: Look): {
  readonly masters: readonly InnerProcessState[];
  readonly workers: readonly InnerProcessState[];
} {
  const all = processes.filter(({ command }) => /^(?:\S*\/)?haproxy\b/.test(command));
  const pids = new Set(all.map(({ pid }) => pid));
  return {
    masters: all.filter(({ parent }) => !pids.has(parent)),
    workers: all.filter(({ parent }) => pids.has(parent)),
  };
}
