import path from 'node:path';
import type { LookupTable } from '../core/model/directives.js';
import { rememberLast } from '../core/model/remember.js';
import { renderTable } from '../core/text/render.js';
import { fingerprint } from '../fingerprint.js';

const fingerprintOf = rememberLast((entries: LookupTable['entries']) => fingerprint(renderTable(entries)));

/** The file of a table: named after its content, so a configuration never sees the tables of another one. */
export function tablePathIn(directory: string, { name, entries, isLive, isForScript }: LookupTable): string {
  if (isLive || isForScript) return path.join(directory, `${name}.map`);
  return path.join(directory, `${name}-${fingerprintOf(entries)}.map`);
}
