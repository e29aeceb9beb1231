import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { fileRoot } from '@docker-flow/daemon/files/file-root';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { load } from 'js-yaml';
import { createPromtool } from '../../adapters/promtool.js';
import { composeFiles, type WorldInput } from '../../testing/world.js';
import type { RenderedFiles } from './render.js';

/**
 * Every folder of test/golden holds an input and the files it becomes. UPDATE_GOLDEN=1 writes them anew;
 * promtool has to accept each of them.
 */
const GOLDEN = path.join(process.cwd(), 'packages/monitor/test/golden');
const promtool = createPromtool({ root: fileRoot(''), features: undefined, logger: silentLogger() });
const scratch = mkdtempSync(path.join(tmpdir(), 'golden-'));
afterAll(async () => {
  rmSync(scratch, { recursive: true });
  await promtool.close();
});

function expectedFiles(rendered: RenderedFiles): Readonly<Record<string, string>> {
  const targets = [...rendered.targets].map(([service, text]) => [`${service}.json`, text]);
  return {
    'prometheus.yml': rendered.config,
    ...(rendered.rules === undefined ? {} : { 'alert.rules': rendered.rules }),
    ...(Object.fromEntries(targets) as object),
  };
}

describe('golden files', () => {
  test.each(readdirSync(GOLDEN))('%s', async (name) => {
    const folder = path.join(GOLDEN, name);
    const input = load(readFileSync(path.join(folder, 'input.yml'), 'utf8')) as WorldInput;
    const { files, rendered } = composeFiles(input);
    const expected = expectedFiles(rendered);
    if (process.env['UPDATE_GOLDEN'] === '1')
      for (const [file, text] of Object.entries(expected)) writeFileSync(path.join(folder, file), text);
    const present = readdirSync(folder).filter((file) => file !== 'input.yml');
    const texts = present.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]);
    expect(Object.fromEntries(texts)).toEqual(expected);
    expect(await promtool.check(files, rendered)).toBeUndefined();
  });
});
