import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { until } from '../../../harness/until.js';
import { excuseOf, faultInWords, type Fault, type InnerProcess, type NodeChoice } from '../plan/faults.js';
import type { FaultWindow } from '../expect/excused-failures.js';
import {
  containersOf,
  firstProcess,
  haproxyProcesses,
  lookInside,
  mainProcess,
  runInside,
  signal,
  type Container,
} from './containers.js';
import { allNodesReady, lateNodes, numberOf, type Nodes } from './nodes.js';

const run = promisify(execFile);

export interface FaultDeps {
  readonly nodes: Nodes;
  /** scripts/swarm-cluster */
  readonly script: string;
  readonly say: (line: string) => void;
}

/** A fault that goes on. */
export interface ActiveFault {
  readonly window: Omit<FaultWindow, 'untilMs'>;
  /** Mends what the world around has to mend; the rest is the programs' own work. */
  end(): Promise<void>;
}

/** A node that has lost its manager asks others for a minute at most. */
const JOINS_WITHIN_MS = 120_000;
const MOST_RESTARTS = 2;

const nothing = () => Promise.resolve();

/** Breaks it now. */
export async function injectFault(fault: Fault, deps: FaultDeps): Promise<ActiveFault> {
  const fromMs = Date.now();
  const { end, proxy } = 'node' in fault ? await breakNode(fault, deps) : await breakProgram(fault, deps);
  return {
    window: {
      fault: faultInWords(fault),
      fromMs,
      excuse: excuseOf(fault),
      ...(proxy === undefined ? {} : { proxy }),
    },
    end,
  };
}

interface Broken {
  readonly end: () => Promise<void>;
  readonly proxy?: string;
}

type NodeFault = Extract<Fault, { readonly node: NodeChoice }>;
type ProgramFault = Exclude<Fault, NodeFault>;

async function breakNode(
  { kind, node: choice }: NodeFault,
  { nodes, script, say }: FaultDeps,
): Promise<Broken> {
  const number = await choose(choice, nodes);
  const cluster = async (command: string) => {
    say(`swarm-cluster ${command} ${number}`);
    await run(script, [command, number]);
  };
  await cluster(kind);
  if (kind !== 'crash') await isMissed(number, nodes);
  const back = { crash: 'again', cut: 'heal', off: 'on' }[kind];
  return {
    async end() {
      await cluster(back);
      await joinedAgain(number, { nodes, script, say });
    },
  };
}

/**
 * Waits until a node is ready whose Docker has come back. Docker 20.10 sometimes answers and is not in its Swarm again,
 * for good: then it is started once more.
 */
async function joinedAgain(number: string, deps: FaultDeps, triesLeft = MOST_RESTARTS): Promise<void> {
  const deadline = performance.now() + JOINS_WITHIN_MS;
  const isLate = async () => (await lateNodes(deps.nodes)).some((node) => String(numberOf(node)) === number);
  while (triesLeft > 0 && (await isLate().catch(() => true))) {
    if (performance.now() > deadline) {
      deps.say(
        `Docker of node ${number} answers, and its node is not ready after ${JOINS_WITHIN_MS / 60_000} minutes`,
      );
      await startAgain(number, deps);
      return joinedAgain(number, deps, triesLeft - 1);
    }
    await pause(500);
  }
  await allNodesReady(deps.nodes);
}

/** Restarts the Docker of nodes, and with it their tasks, as an operator would who finds it out of step. */
export async function restartDocker(numbers: readonly number[], deps: FaultDeps): Promise<void> {
  for (const number of numbers) {
    await startAgain(String(number), deps);
    await joinedAgain(String(number), deps);
  }
}

async function startAgain(number: string, { script, say }: FaultDeps): Promise<void> {
  say(`swarm-cluster term and again ${number}`);
  await run(script, ['term', number]);
  await run(script, ['again', number]);
}

async function choose(choice: NodeChoice, nodes: Nodes): Promise<string> {
  const list = await until('a leader', async () => ({ done: await nodes.list() }));
  const fitting = list.filter((node) =>
    choice.role === 'leader' ? node.ManagerStatus?.Leader === true : node.Spec.Role === choice.role,
  );
  const chosen = fitting[choice.role === 'leader' ? 0 : choice.which % fitting.length];
  return chosen ? String(numberOf(chosen)) : '';
}

/** Until the others do their work without it. */
async function isMissed(number: string, nodes: Nodes): Promise<void> {
  await until(`node ${number} is missed`, async () => {
    const others = { all: nodes.all.filter((node) => String(node.number) !== number) };
    for (const { engine } of others.all) {
      const answer = await engine.call('GET', '/nodes').catch(() => undefined);
      if (answer?.status !== 200) continue;
      const list = answer.body as Awaited<ReturnType<Nodes['list']>>;
      const state = list.find((node) => node.Description.Hostname.endsWith(`-${number}`))?.Status.State;
      const led = list.some(
        (node) => node.ManagerStatus?.Leader === true && node.ManagerStatus.Reachability === 'reachable',
      );
      if (led && state === 'down') return { done: true };
      return {
        notYet: `it is ${state ?? 'not there'}, ${led ? 'and there is a leader' : 'and there is no leader'}`,
      };
    }
    return { notYet: 'no other manager answers' };
  });
}

async function breakProgram(fault: ProgramFault, { nodes, script, say }: FaultDeps): Promise<Broken> {
  const program = 'program' in fault ? fault.program : fault.process === 'Prometheus' ? 'monitor' : 'proxy';
  const container = await until(`a container of ${program}`, async () => {
    const found = await containersOf(nodes, program);
    const one = found[fault.which % found.length];
    return one ? { done: one } : { notYet: 'none runs' };
  });
  const proxy = program === 'proxy' ? { proxy: container.node.address } : {};
  say(`${faultInWords(fault)}, on node ${container.node.number}`);
  switch (fault.kind) {
    case 'kill':
      await signal(container, 'KILL');
      return { end: nothing, ...proxy };
    case 'stop':
      return { end: await stopMain(container), ...proxy };
    case 'kill inside':
      await signalInside(container, await innerProcess(container, fault.process), 'SIGKILL');
      return { end: nothing, ...proxy };
    case 'stop inside': {
      const pid = await innerProcess(container, fault.process);
      await signalInside(container, pid, 'SIGSTOP');
      return { end: () => signalInside(container, pid, 'SIGCONT').catch(() => undefined), ...proxy };
    }
    case 'disk full':
      return { end: await fillDisk(container, fault.program, script), ...proxy };
  }
}

/** Behind tini it is another process than the first, which nobody inside can stop. */
async function stopMain(container: Container): Promise<() => Promise<void>> {
  const look = await lookInside(container).catch(() => undefined);
  const main = look && mainProcess(look);
  if (main && main.pid !== 1) {
    await signalInside(container, main.pid, 'SIGSTOP');
    return () => signalInside(container, main.pid, 'SIGCONT').catch(() => undefined);
  }
  await signal(container, 'STOP');
  return () => signal(container, 'CONT').catch(() => undefined);
}

async function innerProcess(container: Container, process: InnerProcess): Promise<number> {
  return until(`${process} runs`, async () => {
    const look = await lookInside(container);
    const { masters, workers } = haproxyProcesses(look);
    const found = {
      'HAProxy master': masters[0],
      // The newest one serves; older ones may still end their connections.
      'HAProxy worker': workers.toSorted((a, b) => a.pid - b.pid).at(-1),
      Prometheus: look.processes.find(({ command }) => /^(?:\S*\/)?prometheus\b/.test(command)),
    }[process];
    return found ? { done: found.pid } : { notYet: 'it does not' };
  });
}

async function signalInside(container: Container, pid: number, name: string): Promise<void> {
  await runInside(container, 'process.kill(Number(process.argv[1]), process.argv[2])', String(pid), name);
}

/** The folders of generated files are file systems of their own, in memory: they get a limit that is reached. */
async function fillDisk(
  container: Container,
  program: 'proxy' | 'monitor',
  script: string,
): Promise<() => Promise<void>> {
  const folder = program === 'proxy' ? '/cfg' : '/etc/prometheus';
  const pid = String(await firstProcess(container));
  const remount = (size: string) =>
    run(script, [
      ...['inside', String(container.node.number), 'nsenter', '--target', pid, '--mount'],
      ...['mount', '-o', `remount,size=${size}`, folder],
    ]);
  await remount(await usedSize(container, folder));
  return async () => {
    await remount('50%').catch(() => undefined);
  };
}

async function usedSize(container: Container, folder: string): Promise<string> {
  const text = await runInside(
    container,
    `const { blocks, bfree, bsize } = require('node:fs').statfsSync(process.argv[1]);
     process.stdout.write(String((blocks - bfree) * bsize))`,
    folder,
  );
  // A size of 0 would be no limit at all.
  return String(Math.max(4_096, Number(text)));
}
