import express, { type Request, type RequestHandler, type Response } from 'express';
import { queryOf, sendJson } from '@docker-flow/daemon/http/app';
import type { QueryPair } from '@docker-flow/labels';
import { refused, type EndpointResult } from './endpoint-result.js';
import { readDryRun } from './requests/request-values.js';

/** What a changing endpoint gets to see of a request. */
export interface ChangeRequest {
  readonly query: readonly QueryPair[];
  readonly body: string;
  /** Only answer what would happen. */
  readonly dryRun: boolean;
  /** Of the caller. */
  readonly address: string;
  /** The path under which it was asked: empty, or the prefix. */
  readonly base: string;
}

export interface ChangeHandlerOptions {
  /** The path under which the route was added: empty, or the prefix. */
  readonly base: string;
  readonly mayChange: (request: Request) => boolean;
  readonly work: (request: ChangeRequest) => Promise<EndpointResult>;
  /** Hears of every result, for metrics. */
  readonly onResult: (result: EndpointResult['result'] | 'unauthorised') => void;
}

/** A webhook of thousands of alerts fits. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

const NEEDS_TOKEN =
  'A valid token is needed to change anything, at least through a proxy or from a page of another origin';

/** A slip in `dryRun=true` would change what its author only wanted to know. */
const UNREADABLE_DRY_RUN = refused('Incorrect dryRun in request, expected true or false');

/** Handlers of a route that changes something: who may, the body, then the work and its answer. */
export function changeHandlers({
  base,
  mayChange,
  work,
  onResult,
}: ChangeHandlerOptions): readonly RequestHandler[] {
  return [
    (request, response, next) => {
      if (mayChange(request)) {
        next();
        return;
      }
      onResult('unauthorised');
      response.setHeader('WWW-Authenticate', 'Bearer realm="scaler"');
      sendJson(response, 401, { status: 'NOK', message: NEEDS_TOKEN });
    },
    readBody,
    async (request, response) => {
      const query = queryOf(request);
      const dryRun = readDryRun(query);
      const result =
        dryRun === undefined
          ? UNREADABLE_DRY_RUN
          : await work({ query, body: bodyOf(request), dryRun, address: addressOf(request), base });
      onResult(result.result);
      sendResult(response, result);
    },
  ];
}

const raw = express.raw({ type: () => true, limit: BODY_LIMIT_BYTES });

/** The body as bytes, whatever its content type says. */
const readBody: RequestHandler = (request, response, next) => {
  raw(request, response, (error?: unknown) => {
    if (error === undefined || error === null) next();
    else if ((error as { status?: unknown }).status === 413) {
      sendJson(response, 413, {
        status: 'NOK',
        message: `The body is larger than ${BODY_LIMIT_BYTES} bytes`,
      });
    } else sendJson(response, 400, { status: 'NOK', message: 'Unable to recognize POST body' });
  });
};

function bodyOf(request: Request): string {
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body.toString('utf8') : '';
}

function addressOf(request: Request): string {
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

function sendResult(response: Response, { httpStatus, ok, message, headers = {} }: EndpointResult): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  sendJson(response, httpStatus, { status: ok ? 'OK' : 'NOK', message });
}
