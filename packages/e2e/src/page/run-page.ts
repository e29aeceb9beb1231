import { until } from '../harness/until.js';
import { markedBlocks, type MarkedBlock } from './marked-blocks.js';
import type { ShellSession } from './shell-session.js';

const RUN_LIMIT_MS = 180_000;
const PAUSE_MS = 1_000;

/**
 * Runs the commands of a page from top to bottom in one session. `onBlock` is told of each block before it runs, which
 * waits for the answer.
 *
 * @throws {Error} that names page, line, commands and what they printed, at the first block that does not do
 * what its mark says
 */
export async function runPage(
  name: string,
  page: string,
  session: ShellSession,
  onBlock: (line: string) => void | Promise<void>,
): Promise<void> {
  for (const block of markedBlocks(page)) {
    const { mark } = block;
    if (mark.kind === 'given' || mark.kind === 'not run') continue;
    await onBlock(`${name}:${block.line}  ${block.commands.split('\n')[0] ?? ''}`);
    if (mark.kind === 'until') await runUntil(name, block, mark, session);
    else await runOnce(name, block, mark.shows, session);
  }
}

async function runOnce(
  name: string,
  block: MarkedBlock,
  shows: RegExp | undefined,
  session: ShellSession,
): Promise<void> {
  const { code, output } = await session.run(block.commands, RUN_LIMIT_MS);
  if (code !== 0) throw new Error(describe(name, block, `ended with ${code}`, output));
  if (shows && !shows.test(output)) {
    throw new Error(describe(name, block, `did not print what matches ${String(shows)}`, output));
  }
}

async function runUntil(
  name: string,
  block: MarkedBlock,
  { shows, withinMs }: { readonly shows: RegExp; readonly withinMs: number },
  session: ShellSession,
): Promise<void> {
  await until(
    describe(name, block, `printing what matches ${String(shows)}`, ''),
    async () => {
      const { output } = await session.run(block.commands, RUN_LIMIT_MS);
      return shows.test(output) ? { done: true } : { notYet: output };
    },
    { timeoutMs: withinMs, everyMs: PAUSE_MS },
  );
}

function describe(name: string, block: MarkedBlock, problem: string, output: string): string {
  return `${name}, line ${block.line}:\n${block.commands}\n${problem}\n${output}`;
}
