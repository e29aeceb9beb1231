// The documentation as a site: `pnpm docs:dev` shows it, `pnpm docs:build` writes docs/.vitepress/dist and fails at a link
// that leads nowhere. The pages are the files of docs/ as GitHub shows them; what they say of files elsewhere leads there.
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitepress';
import { outsideLinks } from './outside-links.mjs';
import { sidebarOf } from './sidebar.mjs';

const docs = path.join(import.meta.dirname, '..');
const base = process.env.DOCS_BASE ?? '/docker-flow/';
const repository = 'https://github.com/docker-flow/docker-flow';
const { version } = JSON.parse(readFileSync(path.join(docs, '../package.json'), 'utf8'));
const schemas = ['reference/labels.schema.json', 'reference/stack.schema.json'];

/** Braces in pages are templates of Go and expressions of GitHub, never of Vue. */
function plainBraces(markdown) {
  for (const rule of ['text', 'code_inline']) {
    const render = markdown.renderer.rules[rule];
    markdown.renderer.rules[rule] = (...args) =>
      render.apply(markdown.renderer.rules, args).replaceAll('{{', '&#123;&#123;');
  }
}

export default defineConfig({
  title: 'Docker Flow',
  description:
    'Docker Swarm services that configure and scale themselves, because of their labels and nothing else',
  base,
  // GitHub shows README.md for the folder; the site begins with index.md.
  srcExclude: ['README.md'],
  cleanUrls: true,
  markdown: {
    config: (markdown) => {
      markdown.use(outsideLinks, { docs, repository: `${repository}/blob/main`, base });
      markdown.use(plainBraces);
    },
  },
  themeConfig: {
    nav: [
      { text: 'Begin', link: '/tutorials/auto-scaling' },
      { text: 'Production', link: '/how-to/production' },
      { text: 'Labels', link: '/labels' },
      { text: `v${version}`, link: `${repository}/blob/main/CHANGELOG.md` },
    ],
    sidebar: sidebarOf(readFileSync(path.join(docs, 'README.md'), 'utf8')),
    search: { provider: 'local' },
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: repository }],
    editLink: { pattern: `${repository}/edit/main/docs/:path`, text: 'Edit this page' },
    footer: { message: 'MIT License' },
  },
  // Editors ask for these by their address.
  buildEnd: ({ outDir }) => {
    for (const file of schemas) cpSync(path.join(docs, file), path.join(outDir, file));
  },
});
