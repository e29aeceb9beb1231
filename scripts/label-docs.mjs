#!/usr/bin/env node
// Writes LABELS.md and the JSON Schema of labels from the catalogue in packages/labels.
//
// Usage: pnpm label-docs            (or, after a build, node scripts/label-docs.mjs)
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CATALOGUE, labelFiles } from '../packages/labels/dist/index.js';

const root = path.join(import.meta.dirname, '..');

for (const { file, text } of labelFiles(CATALOGUE)) {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
  console.log(file);
}
