import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

/** What documents for people who work on the project call by its path is there. */

const root = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../..');
const packages = readdirSync(path.join(root, 'packages'));
const documents = [
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'README.md',
  'SECURITY.md',
  ...packages.map((name) => `packages/${name}/README.md`),
];

const sources = packages.flatMap((name) =>
  readdirSync(path.join(root, 'packages', name), { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(?:src|bench|page|test)\//.test(file))
    .map((file) => `packages/${name}/${file}`),
);

/** Paths from the top, and files and folders of sources by the end of their path. */
function isThere(named: string): boolean {
  const plain = named.replace(/\/$/, '');
  return existsSync(path.join(root, plain)) || sources.some((file) => file.endsWith(`/${plain}`));
}

/** Words in backticks, and words of blocks, that are paths or names of files; `x.ts` stands for any. */
function namedIn(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```[^]*?^```/gm)].flatMap(([block]) => block.split(/[\s()]+/));
  const words = [...text.matchAll(/`([^`\s]+)`/g)].map(([, word = '']) => word);
  const isPath =
    /^(?!x\.)(?:[\w.-]+\/)*[\w.-]+(?:\/|\.(?:ts|mjs|sh))$|^(?:packages|scripts|stacks|docs|docker)\/[\w./-]+$/;
  return [...new Set([...blocks, ...words])].filter((word) => isPath.test(word));
}

test.each(documents)('%s names files and folders that exist', (document) => {
  const named = namedIn(readFileSync(path.join(root, document), 'utf8'));
  expect(named.filter((one) => !isThere(one))).toEqual([]);
});
