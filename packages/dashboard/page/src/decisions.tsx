import { useEffect } from 'preact/hooks';
import type { Decision } from '../../src/core/view/view.js';
import { place, refine, servicePlace } from './address.js';
import { formatDuration, formatTime } from './format.js';
import { Age, Badge, Empty, toneOfOutcome } from './parts.js';
import { all, now } from './store.js';

const OUTCOMES = ['scaled', 'held', 'failed', 'restored', 'raised', 'noticed', 'rescheduled', 'nodes'];

/** Who asked, the rule, and from what to what or why not. */
export function Decisions() {
  const { outcome = '', id = '' } = place.value.query;
  const decisions = [...all('decision').value.values()].sort((a, b) => b.lastAtMs - a.lastAtMs);
  const chosen = decisions.filter((one) => outcome === '' || one.outcome === outcome);
  return (
    <section class="card" aria-labelledby="decisions-title">
      <h2 id="decisions-title">
        Decisions <span class="count">{decisions.length}</span>
      </h2>
      <div class="pills" role="group" aria-label="Outcomes">
        {OUTCOMES.map((one) => {
          const number = decisions.filter((decision) => decision.outcome === one).length;
          return number === 0 && outcome !== one ? null : (
            <button
              type="button"
              class="pill"
              key={one}
              aria-pressed={outcome === one}
              onClick={() => refine({ outcome: outcome === one ? '' : one })}
            >
              {one} <span class="number">{number}</span>
            </button>
          );
        })}
      </div>
      {chosen.length === 0 ? (
        <Empty title="Nothing was decided yet">
          A service with <code>com.df.scaleMin</code> and <code>com.df.scaleMax</code> is scaled when an alert
          with the metric labels <code>scale</code>, <code>service</code> and <code>type=service</code> fires.
          The label <code>com.df.alertIf=@resp_time_above:0.1,5m,0.99</code> makes such an alert.
        </Empty>
      ) : (
        <DecisionList decisions={chosen} openId={id} namesService />
      )}
    </section>
  );
}

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
