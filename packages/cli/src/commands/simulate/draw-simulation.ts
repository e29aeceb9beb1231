import type { SimulatedStep } from './simulate-trace.js';

const WIDTH = 72;
const HEIGHT = 10;

/** Replicas (`█`) against load (`·`, the first metric, up to its largest value) over time, as lines of text. */
export function drawSimulation(steps: readonly SimulatedStep[]): readonly string[] {
  if (steps.length === 0) return [];
  const columns = Math.min(WIDTH, steps.length);
  const shown = Array.from({ length: columns }, (_, i) => {
    const part = steps.slice(
      Math.floor((i * steps.length) / columns),
      Math.floor(((i + 1) * steps.length) / columns),
    );
    return {
      replicas: Math.max(...part.map(({ desired }) => desired)),
      load: Math.max(
        ...part.map(({ metrics }) => metrics[0]?.value ?? NaN).filter(Number.isFinite),
        -Infinity,
      ),
    };
  });
  const most = Math.max(1, ...shown.map(({ replicas }) => replicas));
  const largest = Math.max(...shown.map(({ load }) => load));
  const heightOf = (value: number, whole: number) => Math.round((value / whole) * HEIGHT);
  const lines = Array.from({ length: HEIGHT }, (_, i) => {
    const level = HEIGHT - i;
    const scale =
      i === 0 ? String(most) : level === Math.round(HEIGHT / 2) ? String(Math.round(most / 2)) : '';
    const cells = shown.map(({ replicas, load }) => {
      const isLoad = largest > 0 && Number.isFinite(load) && heightOf(load, largest) === level;
      if (isLoad) return '·';
      return heightOf(replicas, most) >= level ? '█' : ' ';
    });
    return `${scale.padStart(5)} │${cells.join('').trimEnd()}`;
  });
  const [first] = steps;
  const name = first?.metrics[0]?.name;
  const legend =
    name === undefined || largest <= 0
      ? '█ replicas'
      : `█ replicas   · ${name}, at most ${Number(largest.toPrecision(4))}`;
  return [...lines, `${'0'.padStart(5)} └${'─'.repeat(columns)}`, `       ${legend}`];
}
