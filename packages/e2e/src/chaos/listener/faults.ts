import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineClient, EngineNode } from '@docker-flow/testkit';
import { list } from '../cluster-state.js';
import type { DockerRelay } from './docker-relay.js';
import type { Random } from '../random.js';

const run = promisify(execFile);

export interface FaultDeps {
  /** scripts/swarm-cluster */
  readonly script: string;
  readonly managers: readonly EngineClient[];
  readonly relay: DockerRelay;
  readonly random: Random;
  readonly say: (line: string) => void;
}

/**
 * One fault after the other while services change: connections cut and silenced, an engine that crashes, managers
 * that go and come back, a network cut. Ends when everything is in order again.
 */
export async function injectFaults({ script, managers, relay, random, say }: FaultDeps): Promise<void> {
  async function cluster(...words: readonly string[]): Promise<void> {
    say(`swarm-cluster ${words.join(' ')}`);
    await run(script, words);
  }

  async function leader(): Promise<string> {
    for (;;) {
      for (const manager of managers) {
        const nodes = await list<EngineNode>(manager, '/nodes').catch(() => []);
        const found = nodes.find((node) => node.ManagerStatus?.Leader === true);
        // Host names are `cluster-1`, `cluster-2` …
        if (found) return found.Description.Hostname.split('-').at(-1) ?? '';
      }
      await pause(500);
    }
  }

  async function cutAFewTimes(): Promise<void> {
    for (let times = 0; times < 5; times += 1) {
      await pause(500 + random.below(3_000));
      say(`cut ${relay.cut()} connection(s) to Docker`);
    }
  }

  await cutAFewTimes();
  // Long enough for the event streams to be open again.
  await pause(4_000);
  say(`silenced ${relay.silence()} connection(s) to Docker`);
  await pause(20_000);
  await cluster('crash', '1');
  await pause(random.below(4_000));
  await cluster('again', '1');
  await cutAFewTimes();
  const first = await leader();
  await cluster('off', first);
  await pause(15_000 + random.below(5_000));
  await cluster('on', first);
  await pause(5_000);
  // Once more, and this time it is certain that the listener's own manager is not the one that goes.
  const second = await leader();
  const gone = second === '1' ? '2' : second;
  await cluster('off', gone);
  await cutAFewTimes();
  await cluster('on', gone);
  await pause(5_000);
  // The listener's manager alone without the others: its streams stay open and silent, its reads hang, and what it
  // has missed comes late, with old times.
  await cluster('cut', '1');
  await pause(10_000 + random.below(5_000));
  await cluster('heal', '1');
}
