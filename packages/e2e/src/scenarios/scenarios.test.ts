import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const folder = path.dirname(expect.getState().testPath ?? '');
const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.e2e.ts'),
);
const names = paths.map((file) => path.basename(file, '.e2e.ts'));

/** Of each file the README names: when it runs. */
const told = new Map<string, string>(
  readFileSync(path.join(folder, '../../README.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, names = '', when = ''] = /^\| (`.+?`) \| (\w+) \|/.exec(line) ?? [];
      return [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [name, when] as const);
    }),
);

test('the README names every end-to-end file, and no two have one name', () => {
  expect([...told.keys()].sort()).toEqual([...names].sort());
});

test.each(paths)('%s runs when the README says', (file) => {
  const head = /^\/\/ when: (\w+)/m.exec(readFileSync(path.join(folder, file), 'utf8'))?.[1];
  expect(told.get(path.basename(file, '.e2e.ts'))).toBe(head);
});
