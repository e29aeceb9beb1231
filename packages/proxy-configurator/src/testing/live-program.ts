import { chmodSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { freePorts, makeRoot, startEchoServer, type EchoServer } from './live-haproxy.js';
import { startProxy, type RunningProxy } from './running-proxy.js';

/** For a suite that runs the whole program with the real HAProxy: each test has a folder of its own. */
export interface LiveProgram {
  /** The port of HAProxy. */
  readonly port: number;
  readonly root: string;
  /** Answers what it was asked. */
  readonly echo: EchoServer;
  file(name: string): string;
  /** Is done when the test is over, the last one first. */
  cleanUp(step: () => Promise<unknown>): void;
  /** Lets other users of this machine into the folder, as they are in a container. */
  openRoot(): void;
  /** @param names where hosts lead: to this machine unless said otherwise */
  start(
    environment?: Readonly<Record<string, string>>,
    names?: (host: string) => readonly string[],
  ): Promise<RunningProxy>;
}

export function useLiveProgram(): LiveProgram {
  let place: ReturnType<typeof makeRoot> | undefined;
  let echo: EchoServer | undefined;
  let port = 0;
  let steps: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    place = makeRoot();
    echo = await startEchoServer();
    [port = 0] = await freePorts(1);
    steps = [];
  });
  afterEach(async () => {
    for (const step of steps.reverse()) await step();
    await echo?.close();
    place?.remove();
  });
  const root = () => place?.root ?? '';

  async function start(
    environment: Readonly<Record<string, string>> = {},
    names?: (host: string) => readonly string[],
  ): Promise<RunningProxy> {
    const proxy = await startProxy({
      root: root(),
      environment: { DEFAULT_PORTS: String(port), ...environment },
      ...(names && { names }),
    });
    steps.push(() => proxy.end());
    return proxy;
  }

  return {
    get port() {
      return port;
    },
    get root() {
      return root();
    },
    get echo() {
      if (!echo) throw new Error('there is no echo server before the test');
      return echo;
    },
    file: (name) => path.join(root(), name),
    cleanUp: (step) => void steps.push(step),
    openRoot: () => chmodSync(root(), 0o755),
    start,
  };
}
