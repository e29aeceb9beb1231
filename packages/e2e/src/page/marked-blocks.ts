/** What a mark says about the block of shell commands below it. */
export type Mark =
  /** Run it once. `shows`: what it prints must match. */
  | { readonly kind: 'run'; readonly shows: RegExp | undefined }
  /** Run it again and again until what it prints matches. */
  | { readonly kind: 'until'; readonly shows: RegExp; readonly withinMs: number }
  /** The surroundings of the test have done it, in the same way. */
  | { readonly kind: 'given' }
  /** Cannot be run in a test, and why. */
  | { readonly kind: 'not run'; readonly reason: string };

export interface MarkedBlock {
  readonly mark: Mark;
  readonly commands: string;
  /** Line of the page on which the commands begin, from 1. */
  readonly line: number;
}

const FENCE = /^```(?:bash|sh)\s*$/;
const END = /^```\s*$/;
const COMMENT = /^<!-- (.*) -->$/;
const UNTIL = /^run until \/(.+)\/(?: within (\d+) min)?$/;
/** For what never comes: far above what a busy machine needs. */
const DEFAULT_MINUTES = 4;

/**
 * The blocks of shell commands of a Markdown page. Each has a comment directly above it, which readers do not see:
 * `run`, `run shows /…/`, `run until /…/`, `run until /…/ within 5 min`, `given`, or `not run: reason`.
 *
 * @throws {Error} with the line of a block without a mark, or with one that cannot be read
 */
export function markedBlocks(page: string): readonly MarkedBlock[] {
  const lines = page.split('\n');
  const blocks: MarkedBlock[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    if (!FENCE.test(lines[at] ?? '')) continue;
    const mark = readMark(lines[at - 1] ?? '', at + 1);
    const end = lines.findIndex((line, index) => index > at && END.test(line));
    if (end < 0) throw new Error(`line ${at + 1}: the block does not end`);
    blocks.push({ mark, commands: lines.slice(at + 1, end).join('\n'), line: at + 2 });
    at = end;
  }
  return blocks;
}

function readMark(line: string, number: number): Mark {
  const text = COMMENT.exec(line)?.[1];
  if (text === undefined)
    throw new Error(`line ${number}: commands without a mark; expected <!-- run --> or the like above them`);
  if (text === 'run') return { kind: 'run', shows: undefined };
  if (text === 'given') return { kind: 'given' };
  const shows = /^run shows \/(.+)\/$/.exec(text)?.[1];
  if (shows !== undefined) return { kind: 'run', shows: new RegExp(shows, 's') };
  const until = UNTIL.exec(text);
  if (until?.[1] !== undefined) {
    const withinMs = Number(until[2] ?? DEFAULT_MINUTES) * 60_000;
    return { kind: 'until', shows: new RegExp(until[1], 's'), withinMs };
  }
  const reason = /^not run: (.+)$/.exec(text)?.[1];
  if (reason !== undefined) return { kind: 'not run', reason };
  throw new Error(`line ${number}: the mark "${text}" cannot be read`);
}
