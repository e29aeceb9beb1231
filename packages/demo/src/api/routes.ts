import type { Express, Request, Response } from 'express';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { InvalidRequestError, NotFoundError, UpstreamError } from '@docker-flow/daemon/errors';
import { queryOf, sendJson, sendText } from '@docker-flow/daemon/http/app';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { firstValues, type Parsed } from '@docker-flow/labels';
import { readDelay } from '../core/hello.js';
import { readPersonName, type Person } from '../core/person.js';
import { isRandomError } from '../core/random-error.js';
import type { People } from '../ports.js';

export const HELLO = '/demo/hello';
export const RANDOM_ERROR = '/demo/random-error';
export const PERSON = '/demo/person';

/** Every path that the service knows; the values that the metric label `path` may have, beside `other`. */
export const ROUTES: ReadonlySet<string> = new Set([HELLO, RANDOM_ERROR, PERSON]);

const WENT_WRONG = 'Something, somewhere, went wrong!\n';

export interface RoutesOptions {
  readonly people: People;
  readonly logger: Logger;
  /** A number from 0 to below 1 for each request that may fail at random. */
  readonly random: () => number;
  /** The share of the answers to `/demo/hello` that fail, from 0 to 1. */
  readonly errorShare: number;
  /** What every answer says in the header `Version`; absent: nothing. */
  readonly shownVersion: string | undefined;
}

export function addRoutes(app: Express, options: RoutesOptions): void {
  const { people, logger, random, errorShare, shownVersion } = options;
  if (shownVersion !== undefined)
    app.use((_request, response, next) => {
      response.setHeader('Version', shownVersion);
      next();
    });

  app.get(HELLO, async (request, response) => {
    const delayMs = readParameter(request, 'delay', readDelay);
    if (delayMs > 0) await sleep(delayMs, whenClosed(response));
    if (response.destroyed) return;
    if (isRandomError(random(), errorShare)) sendText(response, 500, WENT_WRONG);
    else sendText(response, 200, 'hello, world!\n');
  });

  app.get(RANDOM_ERROR, (_request, response) => {
    if (isRandomError(random())) sendText(response, 500, WENT_WRONG);
    else sendText(response, 200, 'Everything is still OK\n');
  });

  app.get(PERSON, async (request, response) => {
    if (firstValues(queryOf(request))['name'] === undefined) {
      sendPeople(request, response, await ask(() => people.list()));
      return;
    }
    const name = readParameter(request, 'name', (text) => readPersonName(text ?? ''));
    const person = await ask(() => people.find(name));
    if (!person) throw new NotFoundError(`nobody is called ${JSON.stringify(name)}`);
    sendPerson(request, response, person);
  });

  app.put(PERSON, async (request, response) => {
    const person = { name: readParameter(request, 'name', (text) => readPersonName(text ?? '')) };
    await ask(() => people.put(person));
    sendPerson(request, response, person);
  });

  async function ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      logger.error('The database did not answer', { err: error });
      throw new UpstreamError('the database did not answer', { cause: error });
    }
  }
}

/** @throws {InvalidRequestError} naming parameter, value and what would be right */
function readParameter<T>(request: Request, name: string, read: (text: string | undefined) => Parsed<T>): T {
  const text = firstValues(queryOf(request))[name];
  const result = read(text);
  if (result.ok) return result.value;
  throw new InvalidRequestError(
    `${name}=${JSON.stringify(text ?? '')} ${result.problem}; expected ${result.expected}`,
  );
}

/** One name a line for people at a terminal, JSON for those who ask for it. */
function sendPeople(request: Request, response: Response, people: readonly Person[]): void {
  if (wantsJson(request)) sendJson(response, 200, people);
  else sendText(response, 200, people.map(({ name }) => `${name}\n`).join(''));
}

function sendPerson(request: Request, response: Response, person: Person): void {
  if (wantsJson(request)) sendJson(response, 200, person);
  else sendText(response, 200, `${person.name}\n`);
}

function wantsJson(request: Request): boolean {
  return request.accepts(['text/plain', 'application/json']) === 'application/json';
}

/** Aborts when the client went away, so that nobody waits for nobody. */
function whenClosed(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}
