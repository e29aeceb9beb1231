import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { untilAborted } from '../concurrency/until-aborted.js';
import { integer, readEnvironment } from '../config/environment.js';
import { readVersion, runProgram, type CommonConfig, type ProgramDefinition } from './run-program.js';

interface Config extends CommonConfig {
  readonly port: number;
}

const definition: ProgramDefinition<Config> = {
  name: 'test',
  readConfig(environment, argv) {
    const { PORT, SIZE } = readEnvironment({ PORT: integer(8080), SIZE: integer(1) }, environment);
    return { logLevel: 'info', port: PORT + SIZE - 1, secrets: ['s3cret'], warnings: [...argv] };
  },
  describe: ({ port }) => ({ port, token: 'not shown' }),
  createProgram: () => ({ actors: [{ name: 'ends', run: () => Promise.resolve() }] }),
};

async function run(
  changes: Partial<ProgramDefinition<Config>> = {},
  options: { environment?: Record<string, string>; argv?: string[]; stop?: AbortSignal } = {},
) {
  const stream = new PassThrough();
  const { stop = new AbortController().signal, environment = {}, argv = [] } = options;
  const status = await runProgram(
    { ...definition, ...changes },
    { environment, argv, stop, version: '1.2.3', stream },
  );
  const text = (stream.read() as Buffer | null)?.toString('utf8') ?? '';
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { status, lines };
}

test('says what starts, what is ignored, and ends with its actors', async () => {
  const { status, lines } = await run({}, { argv: ['--odd is not known'] });
  expect(status).toBe(0);
  expect(lines).toMatchObject([
    { level: 'info', program: 'test', message: 'Starting', version: '1.2.3', port: 8080, token: '***' },
    { level: 'warn', message: 'Part of the configuration is ignored', reason: '--odd is not known' },
    { level: 'info', message: 'Part ended, stopping', part: 'ends' },
  ]);
});

test('an invalid configuration is told with all problems, and nothing is made', async () => {
  let made = false;
  const { status, lines } = await run(
    {
      createProgram() {
        made = true;
        return { actors: [] };
      },
    },
    { environment: { PORT: 'x', SIZE: 'y' } },
  );
  expect([status, made]).toEqual([1, false]);
  expect(lines).toMatchObject([
    {
      level: 'error',
      message: 'Invalid configuration',
      problems: [expect.stringMatching(/^PORT="x"/), expect.stringMatching(/^SIZE="y"/)],
    },
  ]);
});

test('a fault while reading the configuration is a fault', async () => {
  const broken = run({
    readConfig() {
      throw new TypeError('a fault');
    },
  });
  await expect(broken).rejects.toThrow(TypeError);
});

test('a program that cannot be put together says why, without its secrets', async () => {
  const { status, lines } = await run({
    createProgram: () => Promise.reject(new Error('no haproxy, s3cret')),
  });
  expect(status).toBe(1);
  expect(lines.at(-1)).toMatchObject({ message: 'The program cannot start', reason: 'no haproxy, ***' });
});

test('ends when it is told to, closes last, and answers what an actor answers', async () => {
  const stop = new AbortController();
  const order: string[] = [];
  const running = run(
    {
      createProgram: () => ({
        actors: [
          {
            name: 'child',
            async run(signal) {
              await untilAborted(signal);
              order.push('actor');
              return 3;
            },
          },
        ],
        close() {
          order.push('close');
          return Promise.resolve();
        },
      }),
    },
    { stop: stop.signal },
  );
  stop.abort();
  expect([(await running).status, order]).toEqual([3, ['actor', 'close']]);
});

test('the version is that of the package', () => {
  expect(readVersion(new URL('../../package.json', import.meta.url))).toMatch(/^[0-9]+\.[0-9]+\.[0-9]+/);
});
