import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { passwordsIn } from '../core/text/mask-secrets.js';

/** Takes out of what HAProxy says what nobody may read: its complaints quote words of the lines they are about. */
export interface SecretHider {
  /** A configuration that HAProxy is about to read. */
  learn(config: string): void;
  hide(said: string): string;
}

const MASK = '***';
/** What is shorter stands in many texts by chance. */
const MIN_PASSWORD = 4;
const MIN_LINE = 6;
const MIN_WORD = 16;
/** Swarm takes no larger secrets. */
const MAX_SECRET_BYTES = 524_288;

/** Passwords of the configuration, and everything in a directory of secrets. */
export function createSecretHider(directory: string): SecretHider {
  let passwords: readonly string[] = [];
  return {
    learn(config) {
      passwords = passwordsIn(config).filter(({ length }) => length >= MIN_PASSWORD);
    },
    hide(said) {
      if (said.trim() === '') return said;
      const secrets = new Set([...passwords, ...secretsOf(directory)].filter((one) => said.includes(one)));
      // The longest first: one may be a part of another.
      const inOrder = [...secrets].sort((a, b) => b.length - a.length);
      return inOrder.reduce((text, secret) => text.replaceAll(secret, MASK), said);
    },
  };
}

function secretsOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory).flatMap((name) => partsOf(path.join(directory, name)));
  } catch {
    return [];
  }
}

/** Lines, what stands behind the first colon of one, and long words. */
function partsOf(file: string): readonly string[] {
  try {
    const lines = readFileSync(file)
      .subarray(0, MAX_SECRET_BYTES)
      .toString('utf8')
      .split('\n')
      .map((line) => line.trim());
    return lines.flatMap((line) => [
      ...[line, line.slice(line.indexOf(':') + 1).trim()].filter(({ length }) => length >= MIN_LINE),
      ...line.split(/\s+/).filter(({ length }) => length >= MIN_WORD),
    ]);
  } catch {
    return [];
  }
}
