import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { ask } from '../testing/live-haproxy.js';
import { useLiveProgram, type LiveProgram } from '../testing/live-program.js';
import { went } from '../testing/went.js';

/** Services that come and go while a HAProxy of 3.4 or newer runs, whose backends it makes and removes. */

const version = /version ([0-9]+)\.([0-9]+)/.exec(spawnSync('haproxy', ['-v'], { encoding: 'utf8' }).stdout);
const takesBackends = Number(version?.[1]) * 100 + Number(version?.[2]) >= 304;
const world = useLiveProgram();

type Program = Awaited<ReturnType<LiveProgram['start']>>;

function parametersOf(name: string, more: Readonly<Record<string, string>> = {}) {
  return { serviceName: name, servicePath: `/${name}`, port: String(world.echo.port), ...more };
}

async function add(program: Program, name: string, more: Readonly<Record<string, string>> = {}) {
  const answer = await program.get('/reconfigure', parametersOf(name, more));
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
}

async function remove(program: Program, name: string) {
  expect((await program.get('/remove', { serviceName: name })).status).toBe(200);
}

async function statusOf(path: string, host?: string): Promise<number> {
  return (await ask(world.port, { path, ...(host !== undefined && { host }) })).status;
}

/** Backends that HAProxy has right now. */
async function backendsIn(program: Program): Promise<readonly string[]> {
  const text = String((await program.get('/metrics')).body['text']);
  return [...new Set([...text.matchAll(/proxy="([^"]*-be[^"]*)"/g)].map(([, name = '']) => name))].sort();
}

(takesBackends ? describe : describe.skip)('HAProxy takes backends while it runs', () => {
  test('services come and go without a reload, and a reload finds the same', async () => {
    const program = await world.start();
    await add(program, 'first');
    const before = await went(program, 'reloaded');
    await add(program, 'second');
    await add(program, 'third', { serviceDomain: 'third.test' });
    expect(await Promise.all(['/first', '/second'].map((path) => statusOf(path)))).toEqual([200, 200]);
    expect(await went(program, 'reloaded')).toBe(before + 1);
    await add(program, 'fourth', { serviceDomain: 'fourth.test,more.test' });
    await add(program, 'fifth', { httpsOnly: 'true' });
    expect(await went(program, 'reloaded')).toBe(before + 1);
    expect(await statusOf('/fourth', 'more.test')).toBe(200);
    expect(await statusOf('/fifth')).toBe(302);
    await remove(program, 'first');
    await remove(program, 'fourth');
    expect(await went(program, 'reloaded')).toBe(before + 1);
    const seen = () =>
      Promise.all([
        ...['/first', '/second', '/fifth'].map((path) => statusOf(path)),
        ...['third.test', 'fourth.test', 'more.test'].map((host) => statusOf(`/${host.split('.')[0]}`, host)),
      ]);
    const answers = await seen();
    expect(answers).toEqual([503, 200, 302, 200, 503, 503]);
    expect((await program.get('/reload')).status).toBe(200);
    expect(await seen()).toEqual(answers);
  });
});
