import { expect, test } from '@jest/globals';

/** The pictures of the page, drawn into elements that only remember what they were told. */

class Element {
  readonly attributes = new Map<string, string>();
  readonly children: Element[] = [];
  textContent = '';
  constructor(readonly name: string) {}
  setAttribute(name: string, value: string | number): void {
    this.attributes.set(name, String(value));
  }
  append(...children: readonly Element[]): void {
    this.children.push(...children);
  }
  addEventListener(): void {
    // Nobody clicks here.
  }
  /** Those of a class, in the order in which they are drawn. */
  ofClass(name: string): readonly Element[] {
    const inside = this.children.flatMap((child) => child.ofClass(name));
    return (this.attributes.get('class') ?? '').split(' ').includes(name) ? [this, ...inside] : inside;
  }
  texts(): readonly string[] {
    return [
      ...(this.textContent === '' ? [] : [this.textContent]),
      ...this.children.flatMap((child) => child.texts()),
    ];
  }
}

interface Chart {
  drawChart(picture: {
    readonly service: object;
    readonly series: readonly object[];
    readonly activities: readonly object[];
    readonly spanMs: number;
    readonly nowMs: number;
    readonly onMark: () => void;
  }): Element;
  drawLegend(): Element;
}

Object.assign(globalThis, {
  document: { createElementNS: (_space: string, name: string) => new Element(name) },
});
const { drawChart, drawLegend } = (await import(
  new URL('../../page/chart.js', import.meta.url).href
)) as Chart;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const nowMs = Date.UTC(2026, 0, 1, 12);
const service = { name: 'web', min: { value: 2 }, max: { value: 4 }, replicas: { wanted: 3 } };

function draw(series: readonly object[], activities: readonly object[] = [], spanMs = HOUR_MS): Element {
  return drawChart({ service, series, activities, spanMs, nowMs, onMark: () => undefined });
}

const label = (svg: Element) => svg.attributes.get('aria-label');
/** Where the line of wanted replicas begins, from the left edge at 24. */
const startOf = (svg: Element) =>
  Number(/^M([0-9.]+),/.exec(svg.ofClass('wanted')[0]?.attributes.get('d') ?? '')?.[1]);

test('no line is drawn before the first count that is known', () => {
  const halfAnHour = [{ atMs: nowMs - 30 * MINUTE_MS, wanted: 3, running: 3 }];
  // The picture is 10 % longer than what is known.
  expect(startOf(draw(halfAnHour))).toBeGreaterThan(24);
  const old = [{ atMs: nowMs - 2 * HOUR_MS, wanted: 3, running: 3 }];
  expect(startOf(draw(old))).toBe(24);
  expect(draw([]).ofClass('wanted')).toEqual([]);
});

test('what activities tell of the time before the first look is drawn, and nothing before them', () => {
  const scaled = { id: '1', outcome: 'scaled', from: 2, to: 3, atMs: nowMs - 20 * MINUTE_MS, message: 'm' };
  const svg = draw([{ atMs: nowMs - 10 * MINUTE_MS, wanted: 3, running: 3 }], [scaled]);
  expect(label(svg)).toContain('over the last 22 minutes');
  expect(startOf(svg)).toBeGreaterThan(24);
  expect(svg.ofClass('mark').map((mark) => mark.attributes.get('class'))).toEqual(['mark up']);
});

test.each([
  [1, 5],
  [10, 11],
  [50, 55],
  [90, 60],
])('a service that is known for %i minutes is shown on %i', (known, shown) => {
  const svg = draw([{ atMs: nowMs - known * MINUTE_MS, wanted: 3, running: 3 }]);
  expect(label(svg)).toContain(`over the last ${shown} minutes`);
});

test('each mark of the charts has its word in the legend', () => {
  const legend = drawLegend();
  expect(legend.texts()).toEqual([
    'wanted',
    'running',
    'scaled up',
    'scaled down',
    'restored, or raised to the minimum',
    'held',
    'failed',
  ]);
  expect(legend.ofClass('mark').map((mark) => mark.attributes.get('class')?.split(' ')[1])).toEqual([
    'up',
    'down',
    'restored',
    'held',
    'failed',
  ]);
});
