import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { run } from '../program.js';

export interface CommandResult {
  readonly status: number;
  readonly result: string;
  readonly messages: string;
}

export interface CommandInput {
  /** Name → text; an argument `@NAME` stands for its path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Runs one command line as its process would, in a folder of its own. */
export async function runCommand(
  args: readonly string[],
  { files = {}, environment = {}, stdin = '' }: CommandInput = {},
): Promise<CommandResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'dflow-test-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    let result = '';
    let messages = '';
    const placed = args.map((arg) => arg.replace(/@(?=[\w-]+\.\w+$)/, `${folder}/`));
    const status = await run(placed, {
      stdin: Readable.from([Buffer.from(stdin)]),
      writeResult: (text) => {
        result += text;
        return Promise.resolve();
      },
      writeMessage: (text) => void (messages += text),
      isTerminal: false,
      nowMs: () => performance.now(),
      sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
      environment,
    });
    return { status, result, messages };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A stack of one file: services with their labels, on a network of their own for proxy and monitor. */
export function stackOf(
  services: Readonly<Record<string, readonly string[]>>,
  more: Readonly<Record<string, string>> = {},
): string {
  const texts = Object.entries(services).map(([name, labels]) => {
    const lines = labels.map((label) => `        - ${label}`).join('\n');
    const extra = more[name] === undefined ? '' : `      ${more[name]}\n`;
    return `  ${name}:\n    image: example/app\n    networks: [proxy]\n    deploy:\n${extra}      labels:\n        - com.df.notify=true\n${lines}\n`;
  });
  return `services:\n${texts.join('')}networks:\n  proxy: {external: true}\n`;
}
