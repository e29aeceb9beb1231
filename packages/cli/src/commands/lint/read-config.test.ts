import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { runCommand, stackOf } from '../../testing/run-command.js';

const folder = mkdtempSync(path.join(tmpdir(), 'dflow-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A stack with one warning, linted with the flags of a file. */
async function lint(config: string, args: readonly string[] = []) {
  const file = path.join(folder, 'flags.yaml');
  writeFileSync(file, config);
  return runCommand(['lint', '--config', file, ...args, '@shop.yml'], {
    files: { 'shop.yml': stackOf({ web: ['com.df.servicePath=web', 'com.df.port=80'] }) },
  });
}

describe('flags of a file', () => {
  test('count as those of the command line', async () => {
    expect(await lint('strict: true\nformat: github\n')).toMatchObject({
      status: 1,
      result: expect.stringContaining('::warning'),
    });
    expect(await lint('ignore: [DF205@web]\nstrict: true\n')).toMatchObject({ status: 0 });
    expect(await lint('ignore: DF205\nlevel: info\nno-raw: false\npromtool: never\n')).toMatchObject({
      status: 0,
    });
  });

  test('give way to the command line', async () => {
    const { result } = await lint('format: github\n', ['--format', 'json']);
    expect(JSON.parse(result)).toHaveProperty('findings');
  });

  test.each(['nonsense: 1', 'strict: maybe', 'format: xml', 'ignore: {a: b}', '[strict]', 'a: [b'])(
    '%j cannot be done',
    async (config) => {
      const { status, result, messages } = await lint(config);
      expect([status, result]).toEqual([2, '']);
      expect(messages).toContain('flags.yaml');
    },
  );
});
