import { setMaxListeners } from 'node:events';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { readConfig } from '../config/config.js';
import { ADDRESSES } from '../config/environment.js';
import type { SourceName } from '../core/readings/readings.js';
import type { Page } from '../api/page-files.js';
import { createProgram } from '../program.js';

export interface StartedDashboard {
  /** With the prefix, without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly addresses: Readonly<Partial<Record<SourceName, string>>>;
  /** Another page than the compiled one. */
  readonly page?: Page;
  readonly pollInterval?: string;
}

/** The program in this process, on a free port, under the prefix `/flow`. */
export async function startDashboard({
  addresses,
  page,
  pollInterval = '1s',
}: StartOptions): Promise<StartedDashboard> {
  const variables = Object.entries(ADDRESSES).map(([variable, source]) => [variable, addresses[source]]);
  const config = readConfig({
    ...(Object.fromEntries(variables) as Record<string, string | undefined>),
    DF_LISTEN_ADDRESS: '127.0.0.1:0',
    SERVER_PREFIX: '/flow',
    DASHBOARD_POLL_INTERVAL: pollInterval,
  });
  const stop = new AbortController();
  // Every wait of every part listens to it.
  setMaxListeners(0, stop.signal);
  const { promise: listening, resolve } = promiseOfUrl();
  const { actors } = createProgram(config, {
    logger: silentLogger(),
    version: '0',
    print: () => undefined,
    onListening: ({ port }) => resolve(`http://127.0.0.1:${port}/flow`),
    ...(page === undefined ? {} : { page }),
  });
  const running = actors.map((actor) => actor.run(stop.signal));
  const ended = Promise.all(running);
  const url = await Promise.race([
    listening,
    ended.then(() => Promise.reject(new Error('ended at its start'))),
  ]);
  return {
    url,
    async stop() {
      stop.abort();
      await ended;
    },
  };
}

function promiseOfUrl(): { readonly promise: Promise<string>; readonly resolve: (url: string) => void } {
  let resolve: (url: string) => void = () => undefined;
  const promise = new Promise<string>((done) => (resolve = done));
  return { promise, resolve };
}
