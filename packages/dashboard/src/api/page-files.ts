import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
  readonly etag: string;
}

/** Files of the page by their path below it; `` is the page itself. */
export interface Page {
  readonly files: ReadonlyMap<string, PageFile>;
  /** The page may load its own files and nothing else, from nowhere else. */
  readonly policy: string;
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

/** What a browser gets of other packages: name in imports, package that is looked for, file beside its entry. */
const VENDORED = [
  ['preact', 'preact', 'preact.mjs'],
  ['preact/hooks', 'preact/hooks', 'hooks.mjs'],
  ['preact/jsx-runtime', 'preact/jsx-runtime', 'jsxRuntime.mjs'],
  ['@preact/signals-core', '@preact/signals-core', 'signals-core.module.js'],
  ['@preact/signals', '@preact/signals', 'signals.module.js'],
  ['uplot', 'uplot', 'uPlot.esm.js'],
] as const;
const VENDORED_CSS = ['uplot', 'uPlot.min.css'] as const;

/** @param root the folder of the package; @throws {Error} when a file is missing: then it was not installed whole */
export function loadPage(root: string, compiled: ReadonlyMap<string, Buffer> = readCompiled(root)): Page {
  const require = createRequire(path.join(root, 'package.json'));
  const beside = (name: string, file: string) =>
    readFileSync(path.join(path.dirname(require.resolve(name)), file));
  const files = new Map<string, PageFile>();
  const add = (name: string, type: string, content: Buffer) =>
    files.set(name, { type, content, etag: `"${digest(content).slice(0, 27)}"` });

  for (const [, name, file] of VENDORED) add(`vendor/${file}`, JAVASCRIPT, beside(name, file));
  add(`vendor/${VENDORED_CSS[1]}`, CSS, beside(...VENDORED_CSS));
  for (const [name, content] of compiled) add(`page/${name}`, JAVASCRIPT, content);
  for (const name of ['page.css', 'theme.css'])
    add(name, CSS, readFileSync(path.join(root, 'page', 'static', name)));
  add('icon.svg', 'image/svg+xml', readFileSync(path.join(root, 'page', 'static', 'icon.svg')));

  const map = JSON.stringify({
    imports: Object.fromEntries(VENDORED.map(([name, , file]) => [name, `./vendor/${file}`])),
  });
  const template = readFileSync(path.join(root, 'page', 'static', 'index.html'), 'utf8');
  const preloads = [
    ...VENDORED.map(([, , file]) => `vendor/${file}`),
    ...[...compiled.keys()].map((name) => `page/${name}`),
  ]
    .map((file) => `<link rel="modulepreload" href="./${file}" />`)
    .join('\n    ');
  const html = template
    .replace('<!-- preloads -->', preloads)
    .replace('<!-- import map -->', `<script type="importmap">${map}</script>`);
  add('', 'text/html; charset=utf-8', Buffer.from(html));
  return { files, policy: policyWith(map) };
}

function policyWith(map: string): string {
  const hash = createHash('sha256').update(map).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ');
}

/** What `tsc` made of the page. */
function readCompiled(root: string): ReadonlyMap<string, Buffer> {
  const directory = path.join(root, 'page', 'dist');
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') && !name.endsWith('.test.js'))
    .sort();
  return new Map(names.map((name) => [name, readFileSync(path.join(directory, name))]));
}

function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('base64url');
}
