import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createStateFile, type Told } from './state-file.js';

const directory = mkdtempSync(path.join(tmpdir(), 'listener-state-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const told: Told = {
  services: [{ id: 'a', name: 'web', remove: { serviceName: 'web', ü: '😀\n' } }],
  nodes: [],
};

test('what is written when the program ends is what the next run reads', async () => {
  const file = path.join(directory, 'state.json');
  const first = createStateFile(file, () => told, silentLogger());
  expect(first.load()).toEqual({ services: [], nodes: [] });
  const stop = new AbortController();
  const ended = first.run(stop.signal);
  first.touch();
  stop.abort();
  await ended;
  expect(createStateFile(file, () => told, silentLogger()).load()).toEqual(told);
  // Labels may be nobody else's business.
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test.each(['', 'garbage', '{"version":2}', '{"version":1,"services":[{"id":1}],"nodes":[]}'])(
  'a file that cannot be read counts as none, with a warning: %j',
  (content) => {
    const file = path.join(directory, 'broken.json');
    writeFileSync(file, content);
    const logger = { ...silentLogger(), warn: jest.fn() };
    expect(createStateFile(file, () => told, logger).load()).toEqual({ services: [], nodes: [] });
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(readFileSync(file, 'utf8')).toBe(content);
  },
);

test('a file that cannot be written is logged and ends nothing', async () => {
  const logger = { ...silentLogger(), error: jest.fn() };
  writeFileSync(path.join(directory, 'no-folder'), '');
  const file = createStateFile(path.join(directory, 'no-folder', 'state.json'), () => told, logger);
  file.touch();
  await file.run(AbortSignal.abort());
  expect(logger.error).toHaveBeenCalledTimes(1);
});
