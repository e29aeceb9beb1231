import { Component } from 'preact';
import type { ServiceRow } from '../../../src/core/view/view.js';
import { servicePlace } from '../state/address.js';
import { formatRate, formatSeconds, formatShare } from '../parts/format.js';
import { Age, Badge, Cell, Lock, toneOfOutcome } from '../parts/parts.js';

interface RowProps {
  readonly row: ServiceRow;
  readonly away: ReadonlySet<string>;
}

/** Drawn again only when the row itself has changed. */
export class Row extends Component<RowProps> {
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
  if (count === undefined)
    return <span class="soft">{running === undefined ? '' : `${running} `}global</span>;
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
  const mean = meanSeconds === undefined ? '' : `mean ${formatSeconds(meanSeconds)}`;
  return (
    <>
      <span title={mean}>
        {formatSeconds(main)} <span class="soft">{p95Seconds === undefined ? 'mean' : 'p95'}</span>
      </span>
      {longestSeconds === undefined ? null : (
        <span class="further">longest {formatSeconds(longestSeconds)}</span>
      )}
    </>
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
