import { useEffect } from 'preact/hooks';
import type { Decision } from '../../../src/core/view/view.js';
import { servicePlace } from '../state/address.js';
import { now } from '../state/store.js';
import { formatDuration, formatTime } from './format.js';
import { Age, Badge, toneOfOutcome } from './parts.js';

/** Decisions with who asked and why; the one that is opened comes into view. */
export function DecisionList({
  decisions,
  openId = '',
  namesService = false,
}: {
  readonly decisions: readonly Decision[];
  readonly openId?: string;
  readonly namesService?: boolean;
}) {
  useEffect(() => {
    if (openId !== '') document.getElementById(`decision-${openId}`)?.scrollIntoView({ block: 'nearest' });
  }, [openId]);
  return (
    <ol class="decisions">
      {decisions.map((decision) => (
        <li
          key={decision.id}
          id={`decision-${decision.id}`}
          class={decision.id === openId ? 'open' : ''}
          aria-current={decision.id === openId ? 'true' : undefined}
        >
          <DecisionText decision={decision} namesService={namesService} />
        </li>
      ))}
    </ol>
  );
}

function DecisionText({
  decision,
  namesService,
}: {
  readonly decision: Decision;
  readonly namesService: boolean;
}) {
  const { outcome, service, from, to, message, asker, request, explanation, times, convergedAfterMs } =
    decision;
  const isMoved = from !== undefined && to !== undefined && from !== to;
  return (
    <>
      <div class="line">
        <Badge tone={toneOfOutcome(outcome)}>{outcome}</Badge>
        {namesService ? <a href={servicePlace(service)}>{service}</a> : null}
        {isMoved ? (
          <b class="counts">
            {from} → {to}
          </b>
        ) : null}
        {times > 1 ? <span class="soft">{times} times</span> : null}
        <span class="soft meta">
          {formatTime(decision.lastAtMs, now.peek())}, <Age atMs={decision.lastAtMs} /> ago
        </span>
      </div>
      <p>{message}</p>
      <dl class="why">
        <dt>asked by</dt>
        <dd>{asker}</dd>
        <dt>for</dt>
        <dd>{request}</dd>
        <dt>because</dt>
        <dd>{explanation}</dd>
        {convergedAfterMs === undefined ? null : (
          <>
            <dt>all tasks ran after</dt>
            <dd>{formatDuration(convergedAfterMs)}</dd>
          </>
        )}
      </dl>
    </>
  );
}
