import type { Line, Section } from '../model/directives.js';
import { lineText, sectionBlock, type Block } from '../text/blocks.js';
import type { RenderedConfig } from '../text/render.js';

type Rendered = Pick<RenderedConfig, 'text' | 'blocks'>;

/** What all sections build on: when it changes, everything has to be looked at. */
const GROUND: ReadonlySet<string> = new Set(['global', 'resolvers', 'defaults']);
/** A part that is nearly everything is not worth a check of its own. */
const LARGEST_SHARE = 0.5;
/** Of more names nobody looks whether something still calls them. */
const MOST_REMOVED = 20;

/**
 * The part of a configuration that differs from one that HAProxy has accepted: sections that have changed, in the frontend
 * of the services only their lines, and whatever those name. Parsing it takes HAProxy as long as the change is large, not
 * as long as all services are. A configuration whose part is refused may still be a good one, and one whose part is
 * accepted may be refused as a whole: only the whole tells.
 *
 * `undefined` where the part would say too little: text of the operator or of a template has changed, or may call
 * something that is gone; or too much: nearly everything has changed.
 */
export function changedPart<C extends Rendered>(accepted: Rendered, next: C): C | undefined {
  const before = new Map(accepted.blocks.map((block) => [keyOf(block), block]));
  const known = new Set(accepted.blocks);
  const isNew = (block: Block) => !known.has(block) && before.get(keyOf(block))?.text !== block.text;
  const chosen = new Map<Block, Block>();
  const texts: string[] = [];
  for (const block of next.blocks) {
    const { section } = block;
    if (!section) {
      if (isNew(block)) return undefined;
      texts.push(block.text);
    } else if (GROUND.has(section.keyword)) {
      if (isNew(block)) return undefined;
      chosen.set(block, block);
    } else if (isNew(block)) chosen.set(block, reduced(section, before.get(keyOf(block))));
  }
  if (isAnyNamed([...chosen.keys()], texts) || isGoneNamed(before, next)) return undefined;
  addNamed(chosen, next.blocks);
  const blocks = next.blocks.flatMap((block) => chosen.get(block) ?? []);
  const text = `${blocks.map((block) => block.text).join('\n')}\n`;
  return text.length > next.text.length * LARGEST_SHARE ? undefined : { ...next, blocks, text };
}

/** The frontend of the services without what others had in it before; every other section as it is. */
function reduced(section: Section, before: Block | undefined): Block {
  if (section.keyword !== 'frontend' || section.name !== 'services') return sectionBlock(section);
  const old = before?.section?.lines ?? [];
  const known = new Set(old);
  let knownTexts: ReadonlySet<string> | undefined;
  const isNew = (one: Line) =>
    !known.has(one) && !(knownTexts ??= new Set(old.map(lineText))).has(lineText(one));
  const kept = new Set(section.lines.filter((one) => one.owner === undefined || isNew(one)));
  const named = new Set([...kept].flatMap(wordsOf));
  for (const one of section.lines) {
    const name = one.kind === 'words' && one.words[0] === 'acl' ? one.words[1] : undefined;
    if (name !== undefined && named.has(name)) kept.add(one);
  }
  return sectionBlock({ ...section, lines: section.lines.filter((one) => kept.has(one)) });
}

/** Whether text that may hold whole sections has names of these. */
function isAnyNamed(blocks: readonly Block[], texts: readonly string[]): boolean {
  return blocks.some(({ section }) => {
    if (!section || GROUND.has(section.keyword) || section.keyword === 'frontend') return false;
    const { name } = section;
    return name !== undefined && texts.some((text) => text.includes(name));
  });
}

/** Whether something may still call a section that is gone. */
function isGoneNamed(before: ReadonlyMap<string, Block>, { blocks, text }: Rendered): boolean {
  const now = new Set(blocks.map(keyOf));
  const gone = [...before].flatMap(([key, { section }]) => (now.has(key) ? [] : (section?.name ?? [])));
  return gone.length > MOST_REMOVED || gone.some((name) => text.includes(name));
}

/** Adds the sections that chosen ones call by name, and those that these call. */
function addNamed(chosen: Map<Block, Block>, blocks: readonly Block[]): void {
  const byName = new Map(
    blocks.flatMap((block) => (block.section?.name === undefined ? [] : [[block.section.name, block]])),
  );
  const open = [...chosen.values()];
  for (let block = open.pop(); block; block = open.pop()) {
    for (const name of (block.section?.lines ?? []).flatMap(wordsOf)) {
      const called = byName.get(name);
      if (!called || chosen.has(called)) continue;
      chosen.set(called, called);
      open.push(called);
    }
  }
}

/** Everything in a line that may be the name of an acl or a section. */
function wordsOf(one: Line): readonly string[] {
  return lineText(one)
    .split(/[\s(){}[\]/,!"'%]+/)
    .filter(Boolean);
}

/** Sections keep their keyword and name while their lines change; other text is only itself. */
function keyOf({ section, text }: Block): string {
  return section ? `${section.keyword} ${section.name ?? ''}` : `text ${text}`;
}
