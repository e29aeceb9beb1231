import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const here = path.dirname(expect.getState().testPath ?? '');
const folder = path.join(here, 'scenarios');
const files = readdirSync(folder).filter((file) => file.endsWith('.e2e.ts'));

/** Of each file the README names: when it runs. */
const told = new Map<string, string>(
  readFileSync(path.join(here, '../README.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, names = '', when = ''] = /^\| (`.+?`) \| (\w+) \|/.exec(line) ?? [];
      return [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [`${name}.e2e.ts`, when] as const);
    }),
);

test('the README names every end-to-end file', () => {
  expect([...told.keys()].sort()).toEqual([...files].sort());
});

test.each(files)('%s runs when the README says', (file) => {
  const head = /^\/\/ when: (\w+)/m.exec(readFileSync(path.join(folder, file), 'utf8'))?.[1];
  expect(told.get(file)).toBe(head);
});
