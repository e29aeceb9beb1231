import { DecisionList } from '../parts/decision-list.js';
import { Empty, Section } from '../parts/parts.js';
import { place, refine } from '../state/address.js';
import { all } from '../state/store.js';

const OUTCOMES = ['scaled', 'held', 'failed', 'restored', 'raised', 'noticed', 'rescheduled', 'nodes'];

/** Who asked, the rule, and from what to what or why not. */
export function Decisions() {
  const { outcome = '', id = '' } = place.value.query;
  const decisions = [...all('decision').value.values()].sort((a, b) => b.lastAtMs - a.lastAtMs);
  const chosen = decisions.filter((one) => outcome === '' || one.outcome === outcome);
  return (
    <Section title="Decisions" id="decisions-title" count={decisions.length} sources={['scaler']}>
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
    </Section>
  );
}
