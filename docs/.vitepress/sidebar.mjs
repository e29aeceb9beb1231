/**
 * The sidebar is the table of contents in docs/README.md: its headings, and the first link of each item below them.
 */
export function sidebarOf(contents) {
  const [, ...sections] = contents.split(/^## /m);
  return sections.map((section) => {
    const [heading] = section.split('\n');
    const items = [...section.matchAll(/^- \[([^\]]+)\]\(([^)]+\.md)\)/gm)].map(([, text, file]) => ({
      text: text.replaceAll('`', ''),
      link: file === '../LABELS.md' ? '/labels' : `/${file.replace(/\.md$/, '')}`,
    }));
    return { text: heading, items };
  });
}
