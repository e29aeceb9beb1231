import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { NextFunction, Request, Response } from 'express';
import { messageOf } from '@docker-flow/daemon/errors';
import { sendJson } from '@docker-flow/daemon/http/app';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { judgeRequest, type GuardedRequest } from '../core/guarded-request.js';
import { guardSpec, type GuardedSpecOptions } from '../core/guarded-spec.js';
import { readInspected } from '../core/inspected-service.js';
import type { GuardMetrics } from '../metrics.js';
import type { Engine } from '../ports.js';
import { createTellOnce } from './tell-once.js';

export interface GuardDeps {
  readonly engine: Engine;
  readonly metrics: GuardMetrics;
  readonly logger: Logger;
  readonly options: GuardedSpecOptions;
}

type Update = Extract<GuardedRequest, { kind: 'update' }>;
type Read = Extract<GuardedRequest, { kind: 'read' }>;

/** What belongs to the guard itself. */
const OWN_PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);
/** A manager without quorum hangs for 20 s before it says so. */
const ANSWER_LIMIT_MS = 60_000;
/** Swarm itself refuses objects of more than about 1.5 MB. */
const MAX_SPEC_BYTES = 4 * 1024 * 1024;
/** Docker's words for it, by which callers know that they have to read the service again. */
const OUT_OF_SEQUENCE = 'rpc error: code = Unknown desc = update out of sequence';

export interface Guard {
  /** Middleware that passes on to Docker what is allowed and answers 403 to everything else. */
  handle(request: Request, response: Response, next: NextFunction): Promise<void>;
  /** Ends event streams, which never end by themselves. */
  close(): void;
}

export function createGuard({ engine, metrics, logger, options }: GuardDeps): Guard {
  const tellOnce = createTellOnce();
  const closing = new AbortController();

  async function handle(request: Request, response: Response, next: NextFunction): Promise<void> {
    const { method, originalUrl: target, headers } = request;
    if (method === 'GET' && OWN_PATHS.has(target)) {
      next();
      return;
    }
    const verdict = judgeRequest({ method, target, headers });
    if (!verdict.allowed) {
      reject(response, 'other', verdict.reason);
      return;
    }
    const { kind } = verdict.request;
    try {
      if (verdict.request.kind === 'read') await passRead(verdict.request, response);
      else await passUpdate(verdict.request, request, response);
    } catch (error) {
      // The caller has gone.
      if (response.destroyed || closing.signal.aborted) return;
      metrics.request(kind, 'failed');
      logger.warn('Docker was not asked, or did not answer', { kind, reason: messageOf(error) });
      if (response.headersSent) response.destroy();
      else sendMessage(response, 502, messageOf(error));
    }
  }

  async function passRead({ path, fullPath, query }: Read, response: Response): Promise<void> {
    const limit = startLimit(response, closing.signal);
    try {
      const answer = await engine.ask({ method: 'GET', path: fullPath, query }, limit.signal);
      if (path === '/events') limit.lift();
      metrics.request('read', 'passed');
      response.status(answer.status);
      if (answer.contentType !== undefined) response.setHeader('Content-Type', answer.contentType);
      if (path === '/info' && answer.status === 200) {
        sendJson(response, 200, ownPartOfInfo(await readText(answer.body)));
        return;
      }
      // The first event may come hours later; that the stream is open is said at once.
      response.flushHeaders();
      await pipeline(answer.body, response);
    } finally {
      limit.lift();
    }
  }

  async function passUpdate(update: Update, request: Request, response: Response): Promise<void> {
    const wanted = await readText(request).catch(() => undefined);
    if (wanted === undefined) {
      reject(response, 'update', `a spec has ${MAX_SPEC_BYTES} bytes at most`);
      return;
    }
    const limit = startLimit(response, closing.signal);
    try {
      const path = `${update.prefix}/services/${update.service}`;
      const query = { insertDefaults: 'false' };
      const inspected = await engine.ask({ method: 'GET', path, query }, limit.signal);
      const text = await readText(inspected.body);
      if (inspected.status === 200) await writeSpec(update, { text, wanted }, response, limit.signal);
      else {
        metrics.request('update', 'passed');
        response.status(inspected.status).setHeader('Content-Type', 'application/json');
        response.end(text);
      }
    } finally {
      limit.lift();
    }
  }

  async function writeSpec(
    { prefix, version }: Update,
    { text, wanted }: { readonly text: string; readonly wanted: string },
    response: Response,
    signal: AbortSignal,
  ): Promise<void> {
    const service = readInspected(text);
    if (service?.version !== version) {
      metrics.request('update', 'passed');
      sendMessage(response, 500, OUT_OF_SEQUENCE);
      return;
    }
    const guarded = guardSpec(service.specText, wanted, options);
    if (!guarded.allowed) {
      reject(response, 'update', guarded.reason);
      return;
    }
    // By its id: the name may be another service's by now.
    const path = `${prefix}/services/${service.id}/update`;
    const query = { version, registryAuthFrom: 'spec' };
    const answer = await engine.ask({ method: 'POST', path, query, body: guarded.specText }, signal);
    metrics.request('update', 'passed');
    response.status(answer.status).setHeader('Content-Type', answer.contentType ?? 'application/json');
    await pipeline(answer.body, response);
  }

  function reject(response: Response, kind: 'update' | 'other', reason: string): void {
    metrics.request(kind, 'rejected');
    logger[tellOnce(reason) ? 'warn' : 'debug']('A request was rejected', { reason });
    // What is left of a body is not read.
    response.setHeader('Connection', 'close');
    sendMessage(response, 403, `docker-guard: ${reason}`);
  }

  return { handle, close: () => closing.abort() };
}

/** As Docker answers. */
function sendMessage(response: Response, status: number, message: string): void {
  sendJson(response, status, { message });
}

/** Ends a call when its time is over, when the caller has gone, or when the program ends. */
function startLimit(response: Response, closing: AbortSignal) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, ANSWER_LIMIT_MS);
  response.once('close', abort);
  closing.addEventListener('abort', abort, { once: true });
  response.once('close', () => closing.removeEventListener('abort', abort));
  return { signal: controller.signal, lift: () => clearTimeout(timer) };
}

/** @throws {Error} when it is longer than a spec may be */
async function readText(body: Readable): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_SPEC_BYTES) throw new Error(`more than ${MAX_SPEC_BYTES} bytes`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Whether this is a manager; the rest of it (proxies with passwords, paths, plugins) is nobody's business. */
function ownPartOfInfo(text: string): object {
  const { ID, ServerVersion, Swarm } = (JSON.parse(text) ?? {}) as {
    ID?: unknown;
    ServerVersion?: unknown;
    Swarm?: { NodeID?: unknown; LocalNodeState?: unknown; ControlAvailable?: unknown };
  };
  const { NodeID, LocalNodeState, ControlAvailable } = Swarm ?? {};
  return { ID, ServerVersion, Swarm: { NodeID, LocalNodeState, ControlAvailable } };
}
