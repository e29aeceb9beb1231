import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { FINDING_CODES } from './finding-codes.js';

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|finding-codes/.test(file))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'));
}

test('every code that is used is explained, and every one that is explained is used', () => {
  const used = new Set(
    sources(path.join(process.cwd(), 'packages/cli/src')).flatMap((text) => text.match(/'DF\d{3}'/g) ?? []),
  );
  // Where a code begins a range, it is none.
  const codes = [...used].map((one) => one.slice(1, -1)).filter((one) => !one.endsWith('00'));
  expect(codes.sort()).toEqual(Object.keys(FINDING_CODES));
});
