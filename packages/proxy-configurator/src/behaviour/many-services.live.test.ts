import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ask } from '../testing/live-haproxy.js';
import { useLiveProgram } from '../testing/live-program.js';

const SERVICES = 220;
const world = useLiveProgram();

test('among many services HAProxy takes what is right, and what it refuses at the reload changes nothing', async () => {
  mkdirSync(world.file('cfg/tmpl'), { recursive: true });
  writeFileSync(world.file('cfg/tmpl/fe'), '');
  // Right alone, and the second of its name beside the service that has it.
  writeFileSync(world.file('cfg/tmpl/be'), 'backend s7-be80_0\n    server x 127.0.0.1:80\n');
  const program = await world.start();
  const tell = (name: string, more: Readonly<Record<string, string>> = {}) =>
    program.get('/reconfigure', {
      serviceName: name,
      servicePath: `/${name}/`,
      port: '80',
      outboundHostname: '127.0.0.1',
      ...more,
    });
  const first = await Promise.all(Array.from({ length: SERVICES }, (_, i) => tell(`s${i}`)));
  expect(first.filter(({ status }) => status !== 200)).toEqual([]);

  const echo = { port: String(world.echo.port) };
  expect((await tell('good', echo)).status).toBe(200);
  expect((await ask(world.port, { path: '/good/' })).status).toBe(200);

  const twice = { templateFePath: world.file('cfg/tmpl/fe'), templateBePath: world.file('cfg/tmpl/be') };
  const bad = await tell('bad', twice);
  expect(bad.status).toBe(500);
  expect(JSON.stringify(bad.body)).toContain('s7-be80_0');
  expect((await ask(world.port, { path: '/good/' })).status).toBe(200);
  expect(String((await program.get('/config')).body['text'])).toContain('server s7 127.0.0.1:80');

  expect((await tell('later', echo)).status).toBe(200);
  expect((await ask(world.port, { path: '/later/' })).status).toBe(200);
});
