#!/usr/bin/env node
// Writes the pages in docs/reference that come from the programs' code.
//
// Usage: pnpm reference-docs        (or, after a build, node scripts/reference-docs.mjs)
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { referencePages } from '../packages/reference/dist/index.js';

const root = path.join(import.meta.dirname, '..');

for (const { file, text } of referencePages()) {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
  console.log(file);
}
