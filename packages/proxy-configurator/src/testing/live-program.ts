import path from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { runActors } from '@docker-flow/daemon/process/lifecycle';
import type { Parameters } from '@docker-flow/labels';
import { API } from '../api/openapi.js';
import { readConfig } from '../config/config.js';
import { createProgram } from '../program.js';
import { freePorts, makeRoot, startEchoServer, type EchoServer } from './live-haproxy.js';

export interface LiveAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A program that runs until it is ended, or the test is over. */
export interface RunningProgram {
  /** Answers the exit status. */
  end(): Promise<number>;
  call(route: string, query?: Parameters, init?: RequestInit): Promise<LiveAnswer>;
  /** Below the path of the API. */
  send(method: string, route: string, query?: Parameters, init?: RequestInit): Promise<LiveAnswer>;
  get(route: string, query?: Parameters): Promise<LiveAnswer>;
}

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
  /** @param names where hosts lead: to this machine unless said otherwise */
  start(
    environment?: Readonly<Record<string, string>>,
    names?: (host: string) => readonly string[],
  ): Promise<RunningProgram>;
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
    names: (host: string) => readonly string[] = () => ['127.0.0.1'],
  ): Promise<RunningProgram> {
    const stop = new AbortController();
    let listening: (address: ListenAddress) => void = () => undefined;
    const bound = new Promise<ListenAddress>((resolve) => (listening = resolve));
    const program = await createProgram(
      readConfig({
        PATH: process.env['PATH'],
        DF_FS_ROOT: root(),
        DF_LISTEN_ADDRESS: '127.0.0.1:0',
        DEFAULT_PORTS: String(port),
        ALLOW_LOOPBACK: 'true',
        ...environment,
      }),
      {
        logger: silentLogger(),
        version: 'test',
        print: () => undefined,
        onListening: listening,
        resolver: { lookup: (host) => Promise.resolve(names(host)) },
      },
    );
    const running = runActors(program.actors, { logger: silentLogger(), stop: stop.signal });
    let ended: Promise<number> | undefined;
    const end = () =>
      (ended ??= (async () => {
        stop.abort();
        const status = await running;
        await program.close?.();
        return status;
      })());
    steps.push(end);
    const api = (await bound).port;
    const call: RunningProgram['call'] = async (route, query = {}, init) => {
      const asked = new URLSearchParams(query as Record<string, string>).toString();
      const response = await fetch(`http://127.0.0.1:${api}${route}?${asked}`, init);
      const text = await response.text();
      return {
        status: response.status,
        body: text.startsWith('{') ? (JSON.parse(text) as LiveAnswer['body']) : { text },
      };
    };
    return {
      end,
      call,
      send: (method, route, query, init = {}) => call(API + route, query, { ...init, method }),
      get: (route, query) => call(API + route, query),
    };
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
    start,
  };
}
