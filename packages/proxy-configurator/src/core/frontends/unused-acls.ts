import type { Line } from '../model/directives.js';

/**
 * The acls among lines that none of the lines names: what is found in a table needs no acl. HAProxy serves the same with
 * and without them, so it need not be reloaded for one that comes or goes.
 *
 * @param others lines of the same frontend that may name acls
 */
export function unusedAcls(lines: readonly Line[], others: readonly Line[]): ReadonlySet<Line> {
  const words = new Set<string>();
  const texts: string[] = [];
  for (const one of [...others, ...lines]) {
    if (one.kind === 'raw') texts.push(one.text);
    if (one.kind !== 'words' || one.words[0] === 'acl') continue;
    for (const word of one.words) words.add(word.replace(/^!/, ''));
  }
  const text = texts.join('\n');
  return new Set(
    lines.filter((one) => {
      const name = aclName(one);
      return name !== undefined && !words.has(name) && !text.includes(name);
    }),
  );
}

function aclName(one: Line): string | undefined {
  return one.kind === 'words' && one.words[0] === 'acl' ? one.words[1] : undefined;
}
