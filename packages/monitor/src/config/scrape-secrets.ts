import { readdirSync } from 'node:fs';
import path from 'node:path';
import { readSecretFile } from '@docker-flow/daemon/config/secrets';

/** The Swarm secrets that labels of services may name, by file name. They do not change while a task lives. */
export function readScrapeSecrets(directory: string): ReadonlyMap<string, string> {
  return new Map(
    filesIn(directory).flatMap((name) => {
      const content = /^dfm_(?:users|bearer|ca)_/.test(name)
        ? readSecretFile(path.join(directory, name))
        : undefined;
      return content === undefined ? [] : [[name, content] as const];
    }),
  );
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
