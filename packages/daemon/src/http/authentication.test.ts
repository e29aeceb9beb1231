import { expect, test } from '@jest/globals';
import request from 'supertest';
import { silentLogger } from '../log/logger.js';
import { createMetrics } from '../metrics.js';
import { createHttpApp, sendText } from './app.js';
import { demandAuthorization, isAuthorized, isSameSecret } from './authentication.js';

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

test('with nothing to show everybody may', () => {
  expect(isAuthorized(undefined, {})).toBe(true);
  expect(isAuthorized('Bearer anything', { token: undefined, basic: undefined })).toBe(true);
});

test.each([
  ['a bearer token', 'Bearer s3cret'],
  ['the password of anybody', basic('swarm-listener:s3cret')],
  ['the password of nobody', basic(':s3cret')],
  ['a scheme in any letter case', 'bearer s3cret'],
  ['spaces around', 'Bearer   s3cret  '],
])('the token is taken as %s', (_how, authorization) => {
  expect(isAuthorized(authorization, { token: 's3cret' })).toBe(true);
});

test.each([
  ['nothing', undefined],
  ['an empty header', ''],
  ['a shorter token', 'Bearer s3cre'],
  ['an empty token', 'Bearer '],
  ['no scheme', 's3cret'],
  ['the token as a name', basic('s3cret:')],
  ['basic credentials that are not base64', 'Basic %%%'],
  ['another scheme', 'Digest s3cret'],
])('%s is not taken for the token', (_what, authorization) => {
  expect(isAuthorized(authorization, { token: 's3cret' })).toBe(false);
});

test('basic credentials are taken whole, and never as a token', () => {
  const secrets = { basic: 'me:pa:ss' };
  expect(isAuthorized(basic('me:pa:ss'), secrets)).toBe(true);
  for (const other of [basic('you:pa:ss'), basic('me:pa'), 'Bearer me:pa:ss', 'Bearer pa:ss', undefined])
    expect(isAuthorized(other, secrets)).toBe(false);
});

test('where both are set either is taken', () => {
  const secrets = { token: 's3cret', basic: 'me:pass' };
  expect(isAuthorized('Bearer s3cret', secrets)).toBe(true);
  expect(isAuthorized(basic('me:pass'), secrets)).toBe(true);
  expect(isAuthorized(basic('me:s3cret'), secrets)).toBe(true);
  expect(isAuthorized(basic('me:other'), secrets)).toBe(false);
});

test('a secret that is not set is like nothing, not even like an empty one', () => {
  expect(isSameSecret('', undefined)).toBe(false);
  expect(isSameSecret('a', 'a')).toBe(true);
});

const app = createHttpApp({
  logger: silentLogger(),
  registry: createMetrics({ program: 'test', version: '1' }),
  routes(routes) {
    routes.use('/v1', demandAuthorization({ token: 's3cret' }, { realm: 'test', open: new Set(['/ping']) }));
    routes.use('/v1', (_request, response) => sendText(response, 200, 'done'));
  },
});

test('the middleware lets those in who are authorized, and everybody where it is open', async () => {
  await request(app).get('/v1/change').set('Authorization', 'Bearer s3cret').expect(200, 'done');
  await request(app).get('/v1/ping').expect(200, 'done');
  const refused = await request(app).get('/v1/change').expect(401);
  expect(refused.headers['www-authenticate']).toBe('Bearer realm="test"');
  expect(refused.body).toEqual({
    code: 'unauthorized',
    message: 'This API needs a token: Authorization: Bearer …',
  });
});
