import path from 'node:path';

/** Pages of the site that are files outside of docs/, or have another name there. */
const PAGES = { 'LABELS.md': 'labels', 'docs/README.md': '' };

/**
 * A plugin of markdown-it. Links in files of docs/ are those that GitHub shows; here those that leave the folder, or lead
 * to a file that is no page, go to the repository.
 */
export function outsideLinks(markdown, { docs, repository, base }) {
  const root = path.dirname(docs);
  markdown.core.ruler.push('outside-links', ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? []))
      if (token.type === 'link_open')
        token.attrSet('href', translate(token.attrGet('href') ?? '', env.relativePath));
  });

  function translate(href, page) {
    if (/^(?:[a-z]+:|#|\/)/.test(href)) return href;
    const [file = '', anchor] = href.split('#');
    // LABELS.md is shown by a page of docs/, but its links are those of its own place.
    const folder = page === 'labels.md' ? root : path.dirname(path.join(docs, page));
    const target = path.relative(root, path.join(folder, file));
    const fragment = anchor === undefined ? '' : `#${anchor}`;
    if (target in PAGES) return `/${PAGES[target]}${fragment}`;
    if (target.endsWith('.schema.json'))
      return new URL(base + target.slice('docs/'.length), 'https://docker-flow.github.io').href;
    if (target.startsWith('docs/') && target.endsWith('.md'))
      return `/${target.slice('docs/'.length)}${fragment}`;
    return `${repository}/${target}${fragment}`;
  }
}
