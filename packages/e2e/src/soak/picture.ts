import type { Series } from './drift.js';

const WIDTH = 420;
const HEIGHT = 110;
const LEFT = 12;
const TOP = 34;
const COLUMNS = 2;
const COLUMN_GAP = 30;
const ROW_GAP = 24;

/** A small line chart for each series, one below the other in two columns, each from 0. Plain SVG without scripts. */
export function soakPicture(title: string, all: readonly Series[]): string {
  const rows = Math.ceil(all.length / COLUMNS);
  const width = LEFT * 2 + COLUMNS * WIDTH + COLUMN_GAP;
  const height = TOP + rows * (HEIGHT + ROW_GAP);
  const charts = all.map((series, i) => {
    const x = LEFT + (i % COLUMNS) * (WIDTH + COLUMN_GAP);
    const y = TOP + Math.floor(i / COLUMNS) * (HEIGHT + ROW_GAP);
    return `<g transform="translate(${x} ${y})">${chart(series)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${LEFT}" y="20" font-size="14">${escaped(title)}</text>
${charts.join('\n')}
</svg>
`;
}

function chart({ name, unit, points }: Series): string {
  const values = points.map(([, value]) => value);
  const most = Math.max(0, ...values);
  const longest = Math.max(1, ...points.map(([seconds]) => seconds));
  const head = 18;
  const line = points
    .map(([seconds, value]) => {
      const x = (seconds / longest) * WIDTH;
      const y = HEIGHT - (most === 0 ? 0 : value / most) * (HEIGHT - head);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
  const last = values.at(-1) ?? 0;
  return `<text y="10">${escaped(name)}</text>
<text x="${WIDTH}" y="10" text-anchor="end" fill="#555">${escaped(`most ${short(most)}, at the end ${short(last)} ${unit}`)}</text>
<path d="M0 ${head}V${HEIGHT}H${WIDTH}" fill="none" stroke="#bbb"/>
<polyline points="${line}" fill="none" stroke="#1769aa" stroke-width="1.5"/>`;
}

function short(value: number): string {
  return value.toFixed(value < 10 && !Number.isInteger(value) ? 1 : 0);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
