import express, { type Request, type Response } from 'express';
import { messageOf } from '@docker-flow/daemon/errors';

const MAX_BODY = '2mb';

/** The body as text, whatever its type says; empty without one. @throws {Error} when it is larger than 2 MB */
export function readBody(request: Request, response: Response): Promise<string> {
  return new Promise((resolve, reject) => {
    express.text({ type: () => true, limit: MAX_BODY })(request, response, (error?: unknown) => {
      if (error === undefined) resolve(typeof request.body === 'string' ? request.body : '');
      else reject(error instanceof Error ? error : new Error(messageOf(error)));
    });
  });
}
