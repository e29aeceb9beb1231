import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { secretsIn, type Secret } from '../expect/secrets-in-text.js';
import type { Nodes } from './nodes.js';

/** Looks through what containers have logged since the last look, also those that are gone by now if their files are not. */
export interface LogReader {
  /** In words: which secret, in which file. */
  secretsFound(secrets: readonly Secret[]): Promise<readonly string[]>;
}

const OVERLAP_BYTES = 200;

export function createLogReader({ all }: Nodes): LogReader {
  const positions = new Map<string, number>();

  async function newText(file: string): Promise<string> {
    const handle = await open(file, 'r').catch(() => undefined);
    if (!handle) return '';
    try {
      const from = positions.get(file) ?? 0;
      const { size } = await handle.stat();
      if (size <= from) return '';
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
      // A line may have been half written: its end is read once more.
      positions.set(file, Math.max(from, from + bytesRead - OVERLAP_BYTES));
      return buffer.subarray(0, bytesRead).toString('utf8');
    } finally {
      await handle.close();
    }
  }

  return {
    async secretsFound(secrets) {
      const found: string[] = [];
      for (const { containersDir, number } of all) {
        for (const id of await readdir(containersDir).catch(() => [])) {
          const text = await newText(path.join(containersDir, id, `${id}-json.log`));
          for (const name of secretsIn(text, secrets))
            found.push(`${name} is in the log of container ${id.slice(0, 12)} on node ${number}`);
        }
      }
      return found;
    },
  };
}
