/**
 * Lets Node run the programs straight from their sources, as the tests do, for those that need one in a process of its
 * own: `node --import <module that registers this file> src/main.ts`. What is translated is kept for the next process.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PACKAGES = fileURLToPath(new URL('../../../', import.meta.url));
const KEPT = path.join(tmpdir(), `df-sources-${process.getuid?.() ?? 0}`);

export function resolve(specifier, context, next) {
  const own = /^@docker-flow\/([^/]+)\/(.+)$/.exec(specifier) ?? /^@docker-flow\/([^/]+)$/.exec(specifier);
  const file = own
    ? path.join(PACKAGES, own[1], 'src', `${own[2] ?? 'index'}.ts`)
    : isOfSource(specifier, context.parentURL)
      ? path.join(path.dirname(fileURLToPath(context.parentURL)), specifier.replace(/\.js$/, '.ts'))
      : undefined;
  return file ? { url: pathToFileURL(file).href, shortCircuit: true } : next(specifier, context);
}

function isOfSource(specifier, parent = '') {
  return /^\.{1,2}\/.*\.js$/.test(specifier) && parent.endsWith('.ts');
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const text = readFileSync(fileURLToPath(url), 'utf8');
  const kept = path.join(KEPT, `${createHash('sha256').update(text).digest('hex')}.mjs`);
  if (!existsSync(kept)) {
    const { transformSync } = await import('@swc/core');
    const { code } = transformSync(text, {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'es6' },
    });
    mkdirSync(KEPT, { recursive: true, mode: 0o700 });
    writeFileSync(`${kept}.${process.pid}`, code);
    renameSync(`${kept}.${process.pid}`, kept);
  }
  return { format: 'module', source: readFileSync(kept, 'utf8'), shortCircuit: true };
}
