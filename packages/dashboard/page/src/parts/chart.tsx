import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { Timeline } from '../../../src/core/detail/timeline.js';
import { formatRate, formatSeconds, formatShare } from './format.js';

/** Left of the plot, for its axis; what lies over it keeps the same distance. */
export const AXIS_WIDTH = 52;
const HEIGHT = 130;
/** Half of the text of a tick. */
const MARGIN = 20;

export interface Line {
  readonly name: string;
  readonly unit: 'count' | 'rate' | 'seconds' | 'share';
  /** A variable of the theme. */
  readonly color: string;
  readonly points: readonly (readonly [atSeconds: number, value: number | undefined])[];
  readonly isStepped?: boolean;
  readonly isDashed?: boolean;
}

export interface ChartProps {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly timeline: Timeline;
  /** Drawn as a band behind the lines. */
  readonly band?: readonly [min: number, max: number];
}

const WRITE: Readonly<Record<Line['unit'], (value: number) => string>> = {
  count: String,
  rate: formatRate,
  seconds: formatSeconds,
  share: formatShare,
};

/** Lines over one axis of time; all charts of the page share one cursor, which stays while the time line moves on. */
export function Chart(props: ChartProps) {
  const { title, lines, timeline } = props;
  const place = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLSpanElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const shown = useRef(props);
  shown.current = props;

  useEffect(() => {
    const box = place.current;
    if (box === null) return undefined;
    const draw = () => {
      plot.current?.destroy();
      plot.current = createPlot(box, shown, (text) => {
        if (readout.current !== null) readout.current.textContent = text;
      });
    };
    draw();
    const scheme = window.matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    const sizes = new ResizeObserver(() => plot.current?.setSize({ width: box.clientWidth, height: HEIGHT }));
    sizes.observe(box);
    return () => {
      scheme.removeEventListener('change', draw);
      sizes.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [looksOf(lines)]);

  useEffect(() => plot.current?.setData(joinPoints(lines)), [lines, timeline]);

  const last = lines.map(({ name, unit, points }) => {
    const value = points.at(-1)?.[1];
    return `${name} ${value === undefined ? 'unknown' : WRITE[unit](value)}`;
  });
  return (
    <figure class="chart">
      <figcaption>
        <b>{title}</b>
        {lines.map(({ name, color, isDashed }) => (
          <span class="key" key={name}>
            <span class={`swatch ${color} ${isDashed === true ? 'dashed' : ''}`} aria-hidden="true" />
            {name}
          </span>
        ))}
        <span class="readout soft" ref={readout} />
      </figcaption>
      <div ref={place} class="plot" role="img" aria-label={`${title}: now ${last.join(', ')}`} />
    </figure>
  );
}

/** What of lines is fixed once they are drawn: all but their points. */
function looksOf(lines: readonly Line[]): string {
  return lines
    .map(({ name, unit, color, isStepped = false, isDashed = false }) =>
      [name, unit, color, isStepped, isDashed].join(' '),
    )
    .join('\n');
}

/** @param shown what the chart shows now; its points and times are asked for at each drawing */
function createPlot(
  box: HTMLDivElement,
  shown: { readonly current: ChartProps },
  onCursor: (text: string) => void,
): uPlot {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const { lines } = shown.current;
  const unit = lines[0]?.unit ?? 'count';
  const axis = {
    stroke: color('soft'),
    grid: { stroke: color('line'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  };
  const options: uPlot.Options = {
    width: box.clientWidth,
    height: HEIGHT,
    padding: [8, 0, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: 'time line' },
      drag: { x: false, y: false },
      points: { size: 6 },
    },
    scales: {
      x: { time: true, range: () => rangeOf(shown.current) },
      y: { range: () => [0, topOf(shown.current)] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        space: 70,
        values: (_plot, ticks) => {
          const last = lastTick(shown.current, box.clientWidth);
          return ticks.map((tick) => (tick > last ? '' : timeOfDay(tick)));
        },
      },
      {
        ...axis,
        size: AXIS_WIDTH,
        values: (_plot, ticks) =>
          ticks.map((tick) => (unit === 'count' && !Number.isInteger(tick) ? '' : WRITE[unit](tick))),
      },
    ],
    series: [
      {},
      ...lines.map((line): uPlot.Series => ({
        label: line.name,
        stroke: color(line.color),
        width: 2,
        points: { show: false },
        spanGaps: false,
        ...(line.isDashed === true ? { dash: [6, 4] } : {}),
        ...(line.isStepped === true ? stepped() : {}),
      })),
    ],
    hooks: {
      drawClear: [
        (plot) => {
          const { band } = shown.current;
          if (band !== undefined) drawBand(plot, band, color('band'));
        },
      ],
      setCursor: [
        (plot) => {
          const index = plot.cursor.idx;
          const at = index === null || index === undefined ? undefined : plot.data[0][index];
          if (at === undefined || index === null || index === undefined) {
            onCursor('');
            return;
          }
          const values = lines.flatMap((line, i) => {
            const value = plot.data[i + 1]?.[index];
            return value === null || value === undefined ? [] : [`${line.name} ${WRITE[line.unit](value)}`];
          });
          onCursor(`${timeOfDay(at, true)}  ${values.join(' · ')}`);
        },
      ],
    },
  };
  return new uPlot(options, joinPoints(lines), box);
}

function rangeOf({ timeline: { fromMs, toMs } }: ChartProps): [number, number] {
  return [fromMs / 1_000, toMs / 1_000];
}

/** A little above the largest value, and above the band. */
function topOf({ lines, band }: ChartProps): number {
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value ?? 0));
  const top = Math.max(band?.[1] ?? 0, ...values);
  return top === 0 ? 1 : top * 1.1;
}

/** The text of a later one would be cut off at the edge. */
function lastTick({ timeline: { fromMs, toMs } }: ChartProps, width: number): number {
  return toMs / 1_000 - ((toMs - fromMs) / 1_000) * (MARGIN / Math.max(1, width - AXIS_WIDTH));
}

function stepped(): { paths?: uPlot.Series.PathBuilder } {
  const paths = uPlot.paths.stepped?.({ align: 1 });
  return paths === undefined ? {} : { paths };
}

function drawBand(plot: uPlot, [min, max]: readonly [number, number], color: string): void {
  const { ctx, bbox } = plot;
  const top = plot.valToPos(max, 'y', true);
  const bottom = plot.valToPos(min, 'y', true);
  ctx.save();
  ctx.fillStyle = color;
  ctx.fillRect(bbox.left, top, bbox.width, Math.max(2, bottom - top));
  ctx.restore();
}

/** One list of times for all lines of a chart; a stepped line holds its value until the next. */
export function joinPoints(lines: readonly Line[]): uPlot.AlignedData {
  const times = [...new Set(lines.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b);
  const columns = lines.map(({ points, isStepped = false }) => {
    const values = new Map(points);
    let last: number | null | undefined = null;
    return times.map((at) => {
      const value = values.get(at);
      if (value !== undefined) last = value;
      return value ?? (isStepped ? last : null);
    });
  });
  return [times, ...columns] as uPlot.AlignedData;
}

function timeOfDay(seconds: number, withSeconds = false): string {
  return new Date(seconds * 1_000).toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds ? { second: '2-digit' } : {}),
  });
}
