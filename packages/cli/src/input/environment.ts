import type { Io } from '../io.js';
import { readSourceFile } from './read-files.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables for stack files: those of the environment, then those of files, of which the later wins. */
export async function readVariables(files: readonly string[], io: Io): Promise<Environment> {
  const read: Record<string, string> = {};
  for (const file of files) {
    const { bytes } = await readSourceFile(file, io);
    for (const line of bytes.toString('utf8').split(/\r?\n/)) {
      const [, name, value = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      if (name !== undefined) read[name] = withoutMarks(value);
    }
  }
  return { ...read, ...io.environment };
}

function withoutMarks(value: string): string {
  const [, quote, inner] = /^(["'])(.*)\1$/.exec(value) ?? [];
  return quote === undefined ? value.replace(/\s+#.*$/, '') : (inner ?? '');
}
