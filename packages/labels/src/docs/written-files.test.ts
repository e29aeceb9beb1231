import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { CATALOGUE } from '../catalogue/catalogue.js';
import { labelFiles } from './written-files.js';

test.each(labelFiles(CATALOGUE).map(({ file, text }) => [file, text]))(
  '%s is what `pnpm label-docs` writes',
  (file, text) => {
    expect(readFileSync(path.join(process.cwd(), file), 'utf8')).toBe(text);
  },
);
