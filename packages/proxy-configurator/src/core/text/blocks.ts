import type { Line, Section, Server } from '../model/directives.js';
import { rememberLast } from '../model/remember.js';
import { serverStructure } from '../model/server-structure.js';
import { quoteWord } from './quote-word.js';

/** The text of one section. A section that has not changed is the same block. */
export interface Block {
  readonly text: string;
  /** The text without what can change while HAProxy runs: equal structures need no reload. */
  readonly structure: string;
  /** The structure without the servers, which may come and go. */
  readonly skeleton: string;
  /** Lines that HAProxy reads and never uses, which stand in the text alone. */
  readonly unused: string;
  /** Present where the section may come and go while HAProxy runs, if it can do that. */
  readonly movable?: MovableSection;
  readonly facts: readonly LineFacts[];
}

export interface MovableSection {
  readonly keyword: 'backend' | 'defaults';
  readonly name: string;
  /** Its lines without the servers. */
  readonly body: string;
}

/** What is known of a line of text. */
export interface LineFacts {
  /** The service that asked for it. */
  readonly owner?: string | undefined;
  /** The label, or without a service the variable, that it was written from, as far as that is known. */
  readonly source?: string | undefined;
}

/** A section with an empty line before it. */
export const sectionBlock = rememberLast((section: Section): Block => {
  const { keyword, name, from, owner, lines, unused } = section;
  const head = [
    '',
    [keyword, ...(name === undefined ? [] : [name]), ...(from === undefined ? [] : ['from', from])].join(' '),
  ];
  // Lines of a frontend stay the same ones while others come and go; those of other sections go with them.
  const textOf = keyword === 'frontend' ? rememberedText : lineText;
  const texts = lines.map((one) => `    ${textOf(one)}`);
  const all = lines.map((one, i) => ({ one, text: texts[i] ?? '' }));
  const used = unused === undefined || unused.size === 0 ? all : all.filter(({ one }) => !unused.has(one));
  const body = used.filter(({ one }) => one.kind !== 'server').map((each) => each.text);
  const text = [...head, ...texts].join('\n');
  const isLean = body.length === lines.length;
  const structures = used.map((each) =>
    each.one.kind === 'server' ? serverStructure(each.one.server) : each.text,
  );
  const movable = movableOf(section, body);
  return {
    text,
    structure: isLean ? text : [...head, ...structures].join('\n'),
    skeleton: isLean ? text : [...head, ...body].join('\n'),
    unused: all.flatMap((each) => (unused?.has(each.one) ? [each.text] : [])).join('\n'),
    ...(movable && { movable }),
    get facts() {
      return [{}, { owner }, ...lines.map((one) => ({ owner: one.owner ?? owner, source: one.source }))];
    },
  };
});

function movableOf({ keyword, name, from }: Section, body: readonly string[]): MovableSection | undefined {
  if (name === undefined) return undefined;
  // The first of all defaults and the last, which is for whoever names none, stay.
  if (keyword !== 'backend' && !(keyword === 'defaults' && from !== undefined && body.length > 0))
    return undefined;
  return { keyword, name, body: body.join('\n') };
}

/** Text that is written as it is. */
export function textBlock(text: string, owner?: string, source?: string): Block {
  const facts = text.split('\n').map(() => ({ owner, source }));
  return { text, structure: text, skeleton: text, unused: '', facts };
}

/** Whether all blocks agree in one respect. */
export function areAlike(
  a: readonly Block[],
  b: readonly Block[],
  respect: 'structure' | 'skeleton',
): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i] || one[respect] === b[i]?.[respect]);
}

/** The lines that HAProxy reads and never uses. */
export function unusedText(blocks: readonly Block[]): string {
  return blocks.map(({ unused }) => unused).join('');
}

const rememberedText = rememberLast(lineText);

/** One line without its indentation. */
export function lineText(one: Line): string {
  if (one.kind === 'raw') return one.text;
  let text = '';
  for (const word of one.kind === 'server' ? serverWords(one.server) : one.words) {
    text += text === '' ? quoteWord(word) : ` ${quoteWord(word)}`;
  }
  return text;
}

function serverWords(server: Server): readonly string[] {
  const { name, host, port, address, follow, options } = server;
  const start = ['server', name, `${host}:${port}`];
  if (follow === 'fixed') return [...start, ...options];
  if (follow === 'resolvers') return [...start, ...options, 'init-addr', address ?? 'none'];
  // HAProxy only takes an address at run time where there is one already; a disabled server never uses it.
  return [
    ...start,
    ...options,
    'init-addr',
    address ?? '127.0.0.1',
    ...(address === undefined ? ['disabled'] : []),
  ];
}
