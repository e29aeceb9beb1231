import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { markedBlocks } from './marked-blocks.js';

const root = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../..');
const pages = [
  'README.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const LINK = /\]\(([^)\s]+)\)/g;

function textOf(page: string): string {
  return readFileSync(path.join(root, page), 'utf8');
}

/** Anchors that GitHub gives to the headings of a page. */
function anchorsOf(page: string): readonly string[] {
  const headings = textOf(page).matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(pages)('%s', (page) => {
  test('says of every block of commands whether it is run', () => {
    expect(() => markedBlocks(textOf(page))).not.toThrow();
  });

  test('links to pages and headings that exist', () => {
    const links = [...textOf(page).matchAll(LINK)].map(([, target = '']) => target);
    const broken = links
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#');
        const name = file === '' ? page : path.join(path.dirname(page), file);
        if (!existsSync(path.join(root, name))) return true;
        return anchor !== undefined && !anchorsOf(name).includes(anchor);
      });
    expect(broken).toEqual([]);
  });
});

test('docs/README.md, from which the site has its sidebar, names every page', () => {
  const named = [...textOf('docs/README.md').matchAll(LINK)].map(([, target = '']) =>
    path.join('docs', target),
  );
  // The site's own first page, and its copy of LABELS.md.
  const own = ['docs/README.md', 'docs/index.md', 'docs/labels.md'];
  const missing = pages.filter(
    (page) => page.startsWith('docs/') && !own.includes(page) && !named.includes(page),
  );
  expect(missing).toEqual([]);
});
