import type { Request, Response } from 'express';
import { messageOf } from '@docker-flow/daemon/errors';
import { queryOf, sendJson } from '@docker-flow/daemon/http/app';
import { readDuration } from '@docker-flow/labels';
import { THUMBPRINT, type ChallengeAnswers } from '../acme/challenge-answers.js';
import { ToldCertificates, type RenewalNotes } from '../acme/renewal-notes.js';
import type { Peers } from '../replicas/peers.js';
import { flag, parametersOf } from './query.js';
import { readBody } from './read-body.js';

export interface AcmeHandlersDeps {
  readonly answers: ChallengeAnswers;
  readonly renewals: Pick<RenewalNotes, 'tell'>;
  /** Makes HAProxy answer with what is known now. @throws {AppError} when it cannot */
  readonly makeLive: () => Promise<void>;
  /** The thumbprint that a worker of HAProxy answers with. */
  readonly liveThumbprint: () => string | undefined;
  readonly peers: Pick<Peers, 'addresses' | 'forward'>;
}

const DEFAULT_TTL_S = 60;

/** `PUT`, `GET` and `DELETE` of the account whose challenges are answered. */
export async function handleAcme(
  deps: AcmeHandlersDeps,
  request: Request,
  response: Response,
): Promise<void> {
  if (request.method === 'PUT') await put(deps, request, response);
  else if (request.method === 'DELETE') await release(deps, request, response);
  else if (request.method === 'GET' || request.method === 'HEAD') show(deps, response);
  else response.status(405).setHeader('Allow', 'GET, PUT, DELETE').end();
}

function isLive({ answers, liveThumbprint }: AcmeHandlersDeps): boolean {
  const thumbprint = answers.thumbprint();
  return thumbprint !== undefined && liveThumbprint() === thumbprint;
}

function show(deps: AcmeHandlersDeps, response: Response): void {
  const { thumbprint, directory, since } = deps.answers.saved() ?? {};
  sendJson(response, 200, {
    thumbprint: thumbprint ?? null,
    directory: directory ?? null,
    owner: deps.answers.owner() ?? null,
    live: isLive(deps),
    since: since ?? null,
  });
}

async function put(deps: AcmeHandlersDeps, request: Request, response: Response): Promise<void> {
  const { answers, renewals, peers } = deps;
  const body = await readBody(request, response);
  const { thumbprint = '', owner = '', ttl = '', directory = '', ...rest } = parametersOf(request);
  const refuse = (status: number, Message: string, more = {}) =>
    sendJson(response, status, { Status: 'NOK', Message, ...more });
  const ttlMs = readTtl(ttl);
  if (!THUMBPRINT.test(thumbprint)) {
    refuse(400, 'thumbprint is none; expected 43 characters of base64url');
    return;
  }
  if (ttlMs === undefined) {
    refuse(400, `ttl=${JSON.stringify(ttl)} is no time; expected seconds`);
    return;
  }
  const told = readTold(body);
  if (told === null) {
    refuse(400, 'the body cannot be read; expected {"certificates": [{"certName", "renewAt", "problem"}]}');
    return;
  }
  const { keptBy } = answers.claim({
    thumbprint,
    directory: directory === '' ? undefined : directory,
    owner: owner === '' ? undefined : owner,
    ttlMs,
  });
  if (keptBy !== undefined) {
    refuse(409, `${keptBy} is the owner`, { owner: keptBy });
    return;
  }
  if (told !== undefined && owner !== '') renewals.tell(owner, told);
  try {
    if (!isLive(deps)) await deps.makeLive();
    if (flag(rest, 'distribute'))
      await peers.forward({ method: 'PUT', path: request.path, query: queryOf(request), body });
  } catch (error) {
    refuse(503, messageOf(error));
    return;
  }
  if (isLive(deps)) sendJson(response, 200, { Status: 'OK', Message: '' });
  else refuse(503, 'HAProxy does not answer challenges: its configuration has no rule for them');
}

async function release(
  { answers, peers }: AcmeHandlersDeps,
  request: Request,
  response: Response,
): Promise<void> {
  const { owner = '', ...rest } = parametersOf(request);
  answers.release(owner);
  if (flag(rest, 'distribute'))
    await peers.forward({ method: 'DELETE', path: request.path, query: queryOf(request) });
  sendJson(response, 200, { Status: 'OK', Message: '' });
}

/** `undefined` without a body, `null` for one that cannot be read. */
function readTold(body: string): ToldCertificates | undefined | null {
  if (body === '') return undefined;
  try {
    return ToldCertificates.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}

function readTtl(text: string): number | undefined {
  if (text === '') return DEFAULT_TTL_S * 1_000;
  const read = readDuration(/^[0-9]+$/.test(text) ? `${text}s` : text);
  return read.ok && read.value > 0 ? read.value : undefined;
}
