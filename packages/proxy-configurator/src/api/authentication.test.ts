import { expect, test } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { demandToken } from './authentication.js';

const app = express();
app.use('/v1/docker-flow-proxy', demandToken('s3cret'));
app.use((_request, response) => response.status(204).end());
app.use(((_error, _request, response, next) => {
  if (response.headersSent) next();
  else response.status(401).end();
}) satisfies express.ErrorRequestHandler);

async function status(path: string, authorization?: string): Promise<number> {
  const asked = request(app).get(`/v1/docker-flow-proxy${path}`);
  return (await (authorization === undefined ? asked : asked.set('Authorization', authorization))).status;
}

function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

test.each([
  ['as a bearer token', 'Bearer s3cret'],
  ['as the password of anybody', basic('swarm-listener:s3cret')],
  ['with the scheme in any letter case', 'bearer s3cret'],
])('the token opens the API %s', async (_how, authorization) => {
  expect(await status('/reconfigure', authorization)).toBe(204);
});

test.each([
  ['nothing', undefined],
  ['another token', 'Bearer s3cre'],
  ['an empty token', 'Bearer '],
  ['the token as a name', basic('s3cret:')],
  ['another scheme', 'Digest s3cret'],
])('%s does not', async (_what, authorization) => {
  expect(await status('/reconfigure', authorization)).toBe(401);
});

test.each(['/ping', '/successfulinitreload', '/haproxy-metrics'])('%s asks for no token', async (path) => {
  expect(await status(path)).toBe(204);
});
