import { z } from 'zod/v3';
import { getRows, type Rows } from '@docker-flow/daemon/feed/listener-client';
import { UpstreamError } from '@docker-flow/daemon/errors';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Issue, Parameters } from '@docker-flow/labels';
import { listenerPieces, swarmNode } from '../core/readings/listener.js';
import type { Source } from '../ports.js';
import { getText, readJson } from './get-json.js';

const text = z.string().default('');
const ListenerStatus = z.object({
  services: z.object({ waiting: z.number().default(0) }).default({}),
  warnings: z
    .array(
      z.object({ service: z.string(), label: z.string(), value: text, problem: z.string(), expected: text }),
    )
    .default([]),
});
const Readiness = z.object({ ready: z.boolean(), problems: z.array(z.string()).default([]) });

/** Asks swarm-listener; lists that have not changed cost it and us next to nothing. */
export function createListenerSource(http: HttpClient, address: string): Source<'listener'> {
  const base = `${address}/v1/docker-flow-swarm-listener`;
  const services = createRows(http, `${base}/get-services`);
  const nodes = createRows(http, `${base}/get-nodes`);
  let lastStatus = '';

  return {
    name: 'listener',
    async read(signal) {
      // A 503 says what is wrong, so any status is an answer here.
      const readyUrl = `${base}/ready`;
      const ready = await http.request({ url: readyUrl, signal, timeoutMs: 5_000 });
      const [status, serviceRows, nodeRows] = await Promise.all([
        getText(http, `${base}/status`, signal),
        services.read(signal),
        nodes.read(signal),
      ]);
      const { ready: isReady, problems } = readJson(ready.body, Readiness, readyUrl);
      const seen = JSON.stringify([status, isReady, problems]);
      if (seen === lastStatus && !serviceRows.isNew && !nodeRows.isNew) return 'unchanged';
      const { warnings, services: counts } = readJson(status, ListenerStatus, `${base}/status`);
      lastStatus = seen;
      return {
        services: listenerPieces(serviceRows.rows, warnings satisfies readonly Issue[]),
        nodes: nodeRows.rows.map(swarmNode),
        ready: isReady,
        problems,
        waiting: counts.waiting,
      };
    },
  };
}

interface CachedRows {
  /** @throws {UpstreamError} */
  read(signal: AbortSignal): Promise<{ readonly rows: readonly Parameters[]; readonly isNew: boolean }>;
}

/** Rows with the tag they had, so that the next answer may be that they are the same. */
function createRows(http: HttpClient, url: string): CachedRows {
  let known: Extract<Rows, { kind: 'rows' }> | undefined;
  return {
    async read(signal) {
      const answer = await getRows(http, url, { etag: known?.etag, signal });
      if (answer.kind === 'unchanged') {
        if (known === undefined) throw new UpstreamError(`GET ${url}: not changed since never`);
        return { rows: known.rows, isNew: false };
      }
      known = answer;
      return { rows: answer.rows, isNew: true };
    },
  };
}
