import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { silentLogger, type LogFields, type Logger } from '@docker-flow/daemon/log/logger';
import { runActors } from '@docker-flow/daemon/process/lifecycle';
import type { Parameters } from '@docker-flow/labels';
import { API } from '../api/openapi.js';
import { readConfig } from '../config/config.js';
import { createProgram } from '../program.js';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface LogLine extends LogFields {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly message: string;
}

/** The whole program in this process, with the real HAProxy. */
export interface RunningProxy {
  /** What it has logged so far. */
  readonly log: readonly LogLine[];
  call(route: string, query?: Parameters, init?: RequestInit): Promise<Answer>;
  /** A request below the API's path. */
  send(method: string, route: string, query?: Parameters, init?: RequestInit): Promise<Answer>;
  get(route: string, query?: Parameters): Promise<Answer>;
  /** Ends it and answers its exit status. */
  end(): Promise<number>;
}

export interface ProxyPlace {
  /** Folder of all its files. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where names lead to. */
  readonly names?: (host: string) => readonly string[];
}

/** Starts it; resolves when its API listens, on a port of its own. */
export async function startProxy({
  root,
  environment,
  names = () => ['127.0.0.1'],
}: ProxyPlace): Promise<RunningProxy> {
  const stop = new AbortController();
  const log: LogLine[] = [];
  let listening: (address: ListenAddress) => void = () => undefined;
  const bound = new Promise<ListenAddress>((resolve) => (listening = resolve));
  const program = await createProgram(
    readConfig({
      PATH: process.env['PATH'],
      DF_FS_ROOT: root,
      DF_LISTEN_ADDRESS: '127.0.0.1:0',
      ALLOW_LOOPBACK: 'true',
      ...environment,
    }),
    {
      logger: collectingLogger(log),
      version: 'test',
      print: () => undefined,
      onListening: listening,
      resolver: { lookup: (host) => Promise.resolve(names(host)) },
    },
  );
  const running = runActors(program.actors, { logger: silentLogger(), stop: stop.signal });
  const api = (await bound).port;
  let ended: Promise<number> | undefined;
  async function call(route: string, query: Parameters = {}, init?: RequestInit): Promise<Answer> {
    const response = await fetch(
      `http://127.0.0.1:${api}${route}?${new URLSearchParams(query as Record<string, string>).toString()}`,
      init,
    );
    const text = await response.text();
    return {
      status: response.status,
      body: text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : { text },
    };
  }
  return {
    log,
    call,
    send: (method, route, query, init = {}) => call(API + route, query, { ...init, method }),
    get: (route, query) => call(API + route, query),
    end: () =>
      (ended ??= (async () => {
        stop.abort();
        const status = await running;
        await program.close?.();
        return status;
      })()),
  };
}

function collectingLogger(to: LogLine[], fixed: LogFields = {}): Logger {
  const write = (level: LogLine['level']) => (message: string, fields?: LogFields) =>
    void to.push({ ...fixed, ...fields, level, message });
  return {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    child: (fields) => collectingLogger(to, { ...fixed, ...fields }),
  };
}
