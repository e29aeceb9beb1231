import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { referencePages } from './pages.js';

test.each(referencePages().map(({ file, text }) => [file, text]))(
  '%s is what `pnpm reference-docs` writes',
  (file, text) => {
    expect(readFileSync(path.join(process.cwd(), file), 'utf8')).toBe(text);
  },
);
