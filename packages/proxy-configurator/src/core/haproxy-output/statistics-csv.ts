/** One row of HAProxy's statistics: cells by the name of their column. */
export interface StatisticsRow {
  readonly kind: 'frontend' | 'backend' | 'server';
  readonly proxy: string;
  readonly server: string;
  readonly cells: Pick<ReadonlyMap<string, string>, 'get'>;
}

export interface StatisticsTable {
  readonly rows: readonly StatisticsRow[];
  /** Rows that were too short to be read. */
  readonly failures: number;
}

/** The number of cells a row must have to be understood. */
const MIN_CELLS = 52;
const KINDS = ['frontend', 'backend', 'server'] as const;

/** Reads the answer of `show stat`: a header that begins with `# `, then one row for each proxy and server. */
export function readStatistics(csv: string): StatisticsTable {
  const [header = '', ...lines] = csv.split('\n');
  const places = new Map(
    header
      .replace(/^# /, '')
      .split(',')
      .map((column, i) => [column, i]),
  );
  const rows: StatisticsRow[] = [];
  let failures = 0;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const values = splitCells(line);
    if (values.length < MIN_CELLS) {
      failures += 1;
      continue;
    }
    // Of a hundred columns a third is read.
    const cells = { get: (column: string) => values[places.get(column) ?? values.length] };
    const kind = KINDS[Number(cells.get('type'))];
    if (!kind) continue;
    rows.push({ kind, proxy: cells.get('pxname') ?? '', server: cells.get('svname') ?? '', cells });
  }
  return { rows, failures };
}

/** Cells may stand in double quotes, a quote inside is doubled. */
function splitCells(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(',');
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );
}
