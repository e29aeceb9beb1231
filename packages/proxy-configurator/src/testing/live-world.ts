import { afterAll, beforeAll } from '@jest/globals';
import { makeRoot, startEchoServer, type EchoServer } from './live-haproxy.js';

/** What a suite that asks a real HAProxy needs. */
export interface LiveWorld {
  /** The port of a server that tells what it was asked. */
  readonly echoPort: number;
  /** A folder with everything a configuration names. */
  readonly root: string;
}

/** The world of a suite: there before its tests, gone after them. */
export function useLiveWorld(): LiveWorld {
  let echo: EchoServer | undefined;
  let place: ReturnType<typeof makeRoot> | undefined;
  beforeAll(async () => {
    echo = await startEchoServer();
    place = makeRoot();
  });
  afterAll(async () => {
    await echo?.close();
    place?.remove();
  });
  return {
    get echoPort() {
      return echo?.port ?? 0;
    },
    get root() {
      return place?.root ?? '';
    },
  };
}
