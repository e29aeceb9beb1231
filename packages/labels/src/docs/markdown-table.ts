/** Text that stays in its cell: no pipe or line break ends it. */
export function tableCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\r?\n\s*/g, ' ');
}

/** A Markdown table, one line a row, without padding: a changed cell changes one line. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(tableCell).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text as code. A backtick inside makes the fence longer (CommonMark 6.1); an empty text is an empty cell. */
export function codeSpan(text: string): string {
  if (text === '') return '';
  if (!text.includes('`')) return `\`${text}\``;
  return `\`\` ${text} \`\``;
}
