/** The cells of one line of CSV; a cell may stand in double quotes, with doubled ones inside. */
export function parseCsvLine(line: string): readonly string[] {
  const cells: string[] = [];
  const cell = /\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/gy;
  while (cell.lastIndex <= line.length) {
    const match = cell.exec(line);
    if (!match) break;
    cells.push(match[1]?.replaceAll('""', '"') ?? (match[2] ?? '').trim());
    if (!match[0].endsWith(',')) break;
  }
  return cells;
}
