import type { Line } from '../model/directives.js';

/**
 * The lines without acls that none of them names: what is found in a table needs no acl, and a frontend that does not
 * name a service need not be reloaded for it.
 *
 * @param others lines of the same frontend that may name acls
 */
export function withoutUnusedAcls(lines: readonly Line[], others: readonly Line[]): readonly Line[] {
  const words = new Set<string>();
  const texts: string[] = [];
  for (const one of [...others, ...lines]) {
    if (one.kind === 'raw') texts.push(one.text);
    if (one.kind !== 'words' || one.words[0] === 'acl') continue;
    for (const word of one.words) words.add(word.replace(/^!/, ''));
  }
  const text = texts.join('\n');
  return lines.filter((one) => {
    const name = aclName(one);
    return name === undefined || words.has(name) || text.includes(name);
  });
}

function aclName(one: Line): string | undefined {
  return one.kind === 'words' && one.words[0] === 'acl' ? one.words[1] : undefined;
}
