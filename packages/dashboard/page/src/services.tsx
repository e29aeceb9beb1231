import { Component } from 'preact';
import { computed, signal, useComputed } from '@preact/signals';
import type { ServiceRow } from '../../src/core/view/view.js';
import { place, refine, servicePlace } from './address.js';
import { formatRate, formatSeconds, formatShare } from './format.js';
import { Age, Badge, Cell, Empty, Lock, toneOfOutcome } from './parts.js';
import {
  countFlags,
  countMoves,
  FLAGS,
  groupByStack,
  readSelection,
  selectServices,
  type Sort,
} from './select-services.js';
import { all, away, hasLoaded } from './store.js';

/** More rows are a click away. */
const ROWS_AT_ONCE = 100;

const COLUMNS: readonly (readonly [Sort, string, boolean])[] = [
  ['name', 'Service', false],
  ['tasks', 'Tasks', true],
  ['routes', 'Routes', false],
  ['requests', 'Requests/s', true],
  ['errors', '5xx', true],
  ['time', 'Response', true],
  ['targets', 'Targets', true],
  ['alerts', 'Alerts', false],
  ['decision', 'Last decision', false],
  ['problems', 'Problems', true],
];

const selection = computed(() => readSelection(place.value.query));
const wanted = computed(() => selectServices(all('service').value.values(), selection.value));
/** Names in the order that is shown. While somebody points at a row it stays what it is. */
let shown: readonly string[] = [];
let shownFor: unknown;
const isHeld = signal(false);
const limit = signal(ROWS_AT_ONCE);

/** The rows to show, in their order, and how many changes of the order wait. */
function arrange(): { readonly rows: readonly ServiceRow[]; readonly waiting: number } {
  const names = wanted.value.map(({ name }) => name);
  if (!isHeld.value || shownFor !== selection.value || shown.length === 0) {
    shown = names;
    shownFor = selection.value;
    return { rows: wanted.value, waiting: 0 };
  }
  const rows = all('service').value;
  return {
    rows: shown.flatMap((name) => rows.get(name) ?? []),
    waiting: countMoves(shown, names),
  };
}

/** The list of services, worst first. */
export function Services() {
  const { rows, waiting } = arrange();
  const isGrouped = place.value.query['group'] === 'stack';
  const part = rows.slice(0, limit.value);
  const groups = isGrouped ? groupByStack(part) : [{ stack: '', rows: part }];
  return (
    <section
      class="card list"
      aria-labelledby="services-title"
      onPointerEnter={() => (isHeld.value = true)}
      onPointerLeave={() => (isHeld.value = false)}
    >
      <h2 id="services-title" class="unseen">
        Services
      </h2>
      <Tools />
      {rows.length === 0 ? (
        <Nothing />
      ) : (
        <table role="table" class="services">
          <SortHead />
          {groups.map((group) => (
            <tbody key={group.stack} role="rowgroup" onKeyDown={moveBetweenRows}>
              {isGrouped ? (
                <tr role="row" class="stack">
                  <th role="rowheader" scope="rowgroup" colSpan={COLUMNS.length}>
                    {group.stack === '' ? 'No stack' : group.stack}
                    <span class="count">{group.rows.length}</span>
                  </th>
                </tr>
              ) : null}
              {group.rows.map((row) => (
                <Row key={row.name} row={row} away={away.value} />
              ))}
            </tbody>
          ))}
        </table>
      )}
      {rows.length > part.length ? (
        <button type="button" class="more" onClick={() => (limit.value += ROWS_AT_ONCE * 5)}>
          Show more: {rows.length - part.length} of {rows.length} are not shown
        </button>
      ) : null}
      {waiting > 0 ? (
        <button type="button" class="changes" onClick={settle}>
          {waiting === 1 ? '1 change' : `${waiting} changes`}
        </button>
      ) : null}
    </section>
  );
}

/** Takes the order that is wanted now, and holds that. */
function settle(): void {
  isHeld.value = false;
  requestAnimationFrame(() => (isHeld.value = true));
}

function Tools() {
  const counts = useComputed(() => countFlags(all('service').value.values())).value;
  const { search, flags } = selection.value;
  const isGrouped = place.value.query['group'] === 'stack';
  const toggle = (flag: string) =>
    refine({
      filter: (flags.includes(flag) ? flags.filter((one) => one !== flag) : [...flags, flag]).join(','),
    });
  return (
    <div class="tools">
      <label class="search">
        <span class="unseen">Search services</span>
        <input
          type="search"
          id="search"
          placeholder="Search  /"
          value={search}
          onInput={(event) => refine({ q: event.currentTarget.value })}
        />
      </label>
      <div class="pills" role="group" aria-label="Filters">
        {FLAGS.map(([flag, words]) => (
          <button
            type="button"
            key={flag}
            class={`pill ${flag}`}
            aria-pressed={flags.includes(flag)}
            onClick={() => toggle(flag)}
          >
            {words} <span class="number">{counts.get(flag) ?? 0}</span>
          </button>
        ))}
      </div>
      <button
        type="button"
        class="pill group"
        aria-pressed={isGrouped}
        onClick={() => refine({ group: isGrouped ? '' : 'stack' })}
      >
        by stack
      </button>
    </div>
  );
}

function SortHead() {
  const { sort, isReversed } = selection.value;
  return (
    <thead role="rowgroup">
      <tr role="row">
        {COLUMNS.map(([column, title, isNumber]) => {
          const isSorted = sort === column;
          const isAscending = (column === 'name') !== isReversed;
          return (
            <th
              role="columnheader"
              scope="col"
              key={column}
              class={isNumber ? 'number' : ''}
              aria-sort={isSorted ? (isAscending ? 'ascending' : 'descending') : 'none'}
            >
              <button
                type="button"
                onClick={() => {
                  if (!isSorted) refine({ sort: column, order: '' });
                  else if (isReversed) refine({ sort: '', order: '' });
                  else refine({ order: 'reversed' });
                }}
              >
                {title}
                <span aria-hidden="true">{isSorted ? (isAscending ? ' ↑' : ' ↓') : ''}</span>
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

interface RowProps {
  readonly row: ServiceRow;
  readonly away: ReadonlySet<string>;
}

/** Drawn again only when the row itself has changed. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps) {
    return next.row !== this.props.row || next.away !== this.props.away;
  }

  override render() {
    const { row, away: gone } = this.props;
    const place = servicePlace(row.name);
    const isOld = (source: string) => gone.has(source);
    return (
      <tr
        role="row"
        class={row.badness >= 500 ? 'is-bad' : row.badness >= 200 ? 'is-warning' : ''}
        onClick={(event) => {
          if (!(event.target as Element).closest('a,button')) window.location.hash = place;
        }}
      >
        <th role="rowheader" scope="row" data-title="Service">
          <a href={place} class="name">
            {row.stack === '' ? null : <span class="of">{row.stack}</span>}
            <span>{row.short}</span>
          </a>
          {row.flags.includes('paused') ? <Badge tone="info">paused</Badge> : null}
        </th>
        <Cell title="Tasks" isNumber isStale={isOld('scaler') || isOld('listener')}>
          <Tasks row={row} />
        </Cell>
        <Cell title="Routes" isStale={isOld('proxy')}>
          <RouteTexts row={row} />
        </Cell>
        <Cell title="Requests/s" isNumber isStale={isOld('prometheus')}>
          {row.requestsPerSecond === undefined ? <None /> : formatRate(row.requestsPerSecond)}
        </Cell>
        <Cell title="5xx" isNumber isStale={isOld('prometheus')}>
          <Errors row={row} />
        </Cell>
        <Cell title="Response" isNumber isStale={isOld('prometheus')}>
          <Response row={row} />
        </Cell>
        <Cell title="Targets" isNumber isStale={isOld('prometheus')}>
          {row.targets === 0 ? (
            <None />
          ) : (
            <span class={row.targetsUp < row.targets ? 'bad' : ''}>
              {row.targetsUp}/{row.targets}
              {row.targetsUp < row.targets ? ' up' : ''}
            </span>
          )}
        </Cell>
        <Cell title="Alerts" isStale={isOld('prometheus')}>
          {row.firing > 0 ? <Badge tone="bad">▲ {row.firing} firing</Badge> : null}
          {row.pending > 0 ? <Badge tone="warning">◔ {row.pending} pending</Badge> : null}
          {row.firing + row.pending === 0 ? <None /> : null}
        </Cell>
        <Cell title="Last decision" isStale={isOld('scaler')}>
          <LastDecision row={row} />
        </Cell>
        <Cell title="Problems" isNumber>
          {row.problems === 0 ? (
            <None />
          ) : (
            <Badge tone={row.badness >= 700 ? 'bad' : 'warning'}>{row.problems}</Badge>
          )}
        </Cell>
      </tr>
    );
  }
}

function None() {
  return <span class="none">–</span>;
}

function Tasks({ row: { running, wanted: count, min, max } }: { readonly row: ServiceRow }) {
  if (count === undefined) return <span class="soft">global</span>;
  const isAtMax = max !== undefined && min !== max && count >= max;
  return (
    <span class="tasks">
      <b class={running !== undefined && running < count ? 'bad' : ''}>
        {running === undefined ? count : `${running}/${count}`}
      </b>
      {min === undefined || max === undefined ? null : (
        <span class="bounds">
          {min}–{max}
          {isAtMax ? ' max' : ''}
        </span>
      )}
    </span>
  );
}

function RouteTexts({ row: { routes, locked } }: { readonly row: ServiceRow }) {
  const [first] = routes;
  if (first === undefined) return <None />;
  return (
    <span class="route" title={routes.join('\n')}>
      {locked ? <Lock /> : null}
      <code>{first}</code>
      {routes.length > 1 ? <span class="soft"> +{routes.length - 1}</span> : null}
    </span>
  );
}

function Errors({
  row: { errorsPerSecond: errors, requestsPerSecond: requests },
}: {
  readonly row: ServiceRow;
}) {
  if (requests === undefined || requests === 0) return <None />;
  const share = (errors ?? 0) / requests;
  return <span class={share >= 0.01 ? 'bad' : ''}>{formatShare(share)}</span>;
}

function Response({ row: { p95Seconds, meanSeconds, longestSeconds } }: { readonly row: ServiceRow }) {
  const main = p95Seconds ?? meanSeconds;
  if (main === undefined) return <None />;
  const longest = longestSeconds === undefined ? '' : `, longest ${formatSeconds(longestSeconds)}`;
  const mean = meanSeconds === undefined ? '' : `mean ${formatSeconds(meanSeconds)}`;
  return (
    <span title={`${mean}${longest}`}>
      {formatSeconds(main)} <span class="soft">{p95Seconds === undefined ? 'mean' : 'p95'}</span>
    </span>
  );
}

function LastDecision({ row: { lastDecision: last } }: { readonly row: ServiceRow }) {
  if (last === undefined) return <None />;
  const counts = last.from === undefined || last.to === undefined ? '' : ` ${last.from} → ${last.to}`;
  return (
    <span title={last.message} class="unbroken">
      <Badge tone={toneOfOutcome(last.outcome)}>
        {last.outcome}
        {last.from === last.to ? '' : counts}
      </Badge>{' '}
      <span class="soft">
        <Age atMs={last.lastAtMs} />
      </span>
    </span>
  );
}

function Nothing() {
  if (!hasLoaded.value) return <Empty title="Asking the programs …" />;
  if (all('service').value.size > 0)
    return (
      <Empty title="No service is like that">
        <button type="button" class="quiet" onClick={() => refine({ q: '', filter: '' })}>
          Show all {all('service').value.size}
        </button>
      </Empty>
    );
  return (
    <Empty title="No service yet">
      A service is shown once it has the label <code>com.df.notify=true</code>. Then{' '}
      <code>com.df.servicePath</code> and <code>com.df.port</code> route it, <code>com.df.scrapePort</code>{' '}
      has it scraped, and <code>com.df.scaleMax</code> lets alerts scale it.
    </Empty>
  );
}

/** Arrow keys go from row to row. */
function moveBetweenRows(event: KeyboardEvent): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const links = [...document.querySelectorAll<HTMLAnchorElement>('table.services a.name')];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  const next = links[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}

/** Into the list from the search: the first row. */
export function focusFirstRow(): void {
  document.querySelector<HTMLAnchorElement>('table.services a.name')?.focus();
}
