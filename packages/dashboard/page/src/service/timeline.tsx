import { useEffect, useMemo } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Series, Timeline as TimelineData } from '../../../src/core/detail/timeline.js';
import { refine } from '../state/address.js';
import { Chart, type Line } from '../parts/chart.js';
import { formatDuration, formatTime } from '../parts/format.js';
import { Section } from '../parts/parts.js';
import { all, now } from '../state/store.js';
import { ask } from '../state/stream.js';
import { keepTimeline } from './keep-last.js';

const RANGES = [
  ['900', '15 min'],
  ['3600', '1 h'],
  ['21600', '6 h'],
  ['86400', '24 h'],
] as const;

/** A time line moves on so often, in milliseconds. */
const REFRESH_MS: Readonly<Record<string, number>> = {
  900: 5_000,
  3600: 15_000,
  21600: 60_000,
  86400: 60_000,
};

/** Replicas, load, alerts and decisions of one service, over one axis of time. */
export function Timeline({ service, range }: { readonly service: string; readonly range: string }) {
  const data = useSignal<TimelineData | undefined>(undefined);
  /** Of which service and range the data is. */
  const shownFor = useSignal('');
  const failure = useSignal('');
  const row = all('service').value.get(service);
  const decision = row?.lastDecision?.lastAtMs;
  const turn = Math.floor(now.value / (REFRESH_MS[range] ?? 15_000));

  useEffect(() => {
    const stop = new AbortController();
    ask<TimelineData>(
      `v1/services/${encodeURIComponent(service)}/timeline?range=${encodeURIComponent(range)}`,
      stop.signal,
    ).then(
      (answer) => {
        const asked = `${service} ${range}`;
        data.value = keepTimeline(shownFor.peek() === asked ? data.peek() : undefined, answer);
        shownFor.value = asked;
        failure.value = '';
      },
      (error: unknown) => {
        if (!stop.signal.aborted) failure.value = error instanceof Error ? error.message : String(error);
      },
    );
    return () => stop.abort();
  }, [service, range, turn, decision, row?.running]);

  return (
    <Section title="Time line" id="timeline-title" sources={['prometheus', 'scaler']}>
      <div class="pills" role="group" aria-label="Range">
        {RANGES.map(([seconds, words]) => (
          <button
            type="button"
            class="pill"
            key={seconds}
            aria-pressed={range === seconds}
            onClick={() => refine({ range: seconds })}
          >
            {words}
          </button>
        ))}
      </div>
      {failure.value === '' ? null : <p class="bad">{failure.value}</p>}
      {data.value === undefined ? <p class="soft">Asking …</p> : <Charts data={data.value} />}
    </Section>
  );
}

function Charts({ data }: { readonly data: TimelineData }) {
  const { replicas, target, load, time } = useMemo(() => linesOf(data), [data]);
  const band = data.min === undefined || data.max === undefined ? undefined : ([data.min, data.max] as const);
  return (
    <div class="charts">
      <Marks data={data} />
      {replicas.length > 0 ? (
        <Chart
          title={band === undefined ? 'Replicas' : `Replicas, ${band[0]} to ${band[1]}`}
          lines={replicas}
          timeline={data}
          {...(band === undefined ? {} : { band })}
        />
      ) : data.unanswered.includes('scaler') ? null : (
        <p class="soft">Replicas are known of services with com.df.scaleMin and com.df.scaleMax.</p>
      )}
      {target.length === 0 ? null : <Chart title="Load against target" lines={target} timeline={data} />}
      <Spans data={data} />
      {load.length === 0 ? null : <Chart title="Requests per second" lines={load} timeline={data} />}
      {time.length === 0 ? null : <Chart title="Response time" lines={time} timeline={data} />}
      {load.length + time.length === 0 && !data.unanswered.includes('prometheus') ? (
        <p class="soft">
          Requests and response times are known where Prometheus scrapes the proxy, or the service itself
          (com.df.scrapePort).
        </p>
      ) : null}
    </div>
  );
}

const LOAD_COLORS = ['accent', 'warning', 'good', 'bad'];

function linesOf(data: TimelineData) {
  const points = data.replicas.map(({ atMs, wanted, running }) => ({
    at: Math.max(atMs, data.fromMs),
    wanted,
    running,
  }));
  const last = points.at(-1);
  if (last !== undefined) points.push({ ...last, at: data.toMs });
  const replicas: readonly Line[] =
    last === undefined
      ? []
      : [
          {
            name: 'wanted',
            unit: 'count',
            color: 'accent',
            isStepped: true,
            points: points.map(({ at, wanted }) => [at / 1_000, wanted]),
          },
          {
            name: 'running',
            unit: 'count',
            color: 'good',
            isStepped: true,
            isDashed: true,
            points: points.map(({ at, running }) => [at / 1_000, running]),
          },
        ];
  const line = (name: string, words: string, unit: Line['unit'], color: string): readonly Line[] => {
    const found = data.series.find((one: Series) => one.name === name);
    return found === undefined || found.points.length === 0
      ? []
      : [{ name: words, unit, color, points: found.points }];
  };
  const share = data.loads
    .filter(({ points: values }) => values.length > 0)
    .map(({ name, points: values }, i): Line => {
      const color = LOAD_COLORS[i % LOAD_COLORS.length] ?? 'accent';
      return { name, unit: 'share', color, points: values };
    });
  const goal: Line = {
    name: 'target',
    unit: 'share',
    color: 'soft',
    isStepped: true,
    isDashed: true,
    points: [
      [data.fromMs / 1_000, 1],
      [data.toMs / 1_000, 1],
    ],
  };
  return {
    replicas,
    target: share.length === 0 ? [] : [...share, goal],
    load: [...line('requests', 'all', 'rate', 'accent'), ...line('errors', '5xx', 'rate', 'bad')],
    time: [...line('mean', 'mean', 'seconds', 'accent'), ...line('p95', 'p95', 'seconds', 'warning')],
  };
}

/** Where an instant lies, in percent of the range. */
function percent(ms: number, { fromMs, toMs }: TimelineData): number {
  return Math.min(100, Math.max(0, ((ms - fromMs) / (toMs - fromMs)) * 100));
}

/** Decisions as marks, the newest on top; a click opens the decision. */
function Marks({ data }: { readonly data: TimelineData }) {
  if (data.decisions.length === 0) return null;
  return (
    <div class="marks" role="group" aria-label="Decisions">
      {data.decisions.toReversed().map((decision) => {
        const { id, outcome, from, to, lastAtMs, message } = decision;
        const isUp = from !== undefined && to !== undefined && to > from;
        const isDown = from !== undefined && to !== undefined && to < from;
        return (
          <button
            type="button"
            key={id}
            class={`decision ${isUp ? 'up' : isDown ? 'down' : 'held'}`}
            style={{ left: `${percent(lastAtMs, data)}%` }}
            title={`${formatTime(lastAtMs, now.peek())}: ${message}`}
            aria-label={`${outcome} at ${formatTime(lastAtMs, now.peek())}: ${message}`}
            onClick={() => refine({ decision: id })}
          >
            {isUp ? '▲' : isDown ? '▼' : '●'}
          </button>
        );
      })}
    </div>
  );
}

/** Alerts as spans, one line for each alert. */
function Spans({ data }: { readonly data: TimelineData }) {
  const names = [...new Set(data.alerts.map(({ name }) => name))];
  if (names.length === 0) return null;
  return (
    <ul class="spans" aria-label="Alerts">
      {names.map((name) => (
        <li key={name}>
          <span class="name">{name}</span>
          <span class="track">
            {data.alerts
              .filter((span) => span.name === name)
              .map(({ state, fromMs, toMs }) => {
                const left = percent(fromMs, data);
                const words = `${state} for ${formatDuration(toMs - fromMs)}`;
                return (
                  <span
                    key={`${state}${fromMs}`}
                    class={`span ${state}`}
                    style={{ left: `${left}%`, width: `${Math.max(0.4, percent(toMs, data) - left)}%` }}
                    title={words}
                  >
                    <span class="unseen">{words}</span>
                  </span>
                );
              })}
          </span>
        </li>
      ))}
    </ul>
  );
}
