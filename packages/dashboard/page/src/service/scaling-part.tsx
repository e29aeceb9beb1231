import type { ServiceDetail } from '../../../src/core/detail/service-detail.js';
import type { Condition, ScalingTarget, TargetMetric } from '../../../src/core/readings/scaler.js';
import { formatDuration } from '../parts/format.js';
import { Age, Badge, Cell, Empty, Head, type Tone } from '../parts/parts.js';

/** How its count is decided: bounds and steps, and where it is scaled on targets each value against its target. */
export function ScalingPart({ detail: { scaling } }: { readonly detail: ServiceDetail }) {
  if (scaling === undefined)
    return (
      <Empty title="Not scaled">
        <code>com.df.scaleMin=2</code> and <code>com.df.scaleMax=6</code> let alerts change its count between
        them; <code>com.df.scaleOn=@cpu</code> and <code>com.df.scaleTarget=70%</code> keep its load at a
        target.
      </Empty>
    );
  const { replicas, min, max, upBy, downBy, cooldownSeconds, updateState, target } = scaling;
  return (
    <>
      <dl class="pairs">
        <dt>replicas</dt>
        <dd>
          {replicas.running === undefined ? '' : `${replicas.running} of `}
          {replicas.wanted}
          {scaling.stopped ? ' (stopped by somebody)' : ''}
        </dd>
        <dt>bounds</dt>
        <dd>
          {min.value} – {max.value} <span class="soft">{from(min.from, max.from)}</span>
        </dd>
        {upBy === undefined || downBy === undefined ? null : (
          <>
            <dt>steps</dt>
            <dd>
              +{upBy.value} / −{downBy.value} <span class="soft">{from(upBy.from, downBy.from)}</span>
            </dd>
          </>
        )}
        {cooldownSeconds === undefined ? null : (
          <>
            <dt>cool-down</dt>
            <dd>
              up {seconds(cooldownSeconds.up.value)}, down {seconds(cooldownSeconds.down.value)}
            </dd>
          </>
        )}
        {updateState === undefined ? null : (
          <>
            <dt>update</dt>
            <dd>{updateState}</dd>
          </>
        )}
      </dl>
      {target === undefined ? null : <Target target={target} replicas={replicas.wanted} />}
    </>
  );
}

const COLUMNS = [
  { title: 'Measured' },
  { title: 'Value', isNumber: true },
  { title: 'Target', isNumber: true },
  { title: 'Asks for', isNumber: true },
];

function Target({ target, replicas }: { readonly target: ScalingTarget; readonly replicas: number }) {
  const { metrics, explanation, desired, min, max, windowSeconds, conditions, lastLook } = target;
  return (
    <div class="target">
      <h3>Scaled on targets</h3>
      <table role="table">
        <Head columns={COLUMNS} />
        <tbody role="rowgroup">
          {metrics.map((metric) => (
            <Metric key={metric.metric} metric={metric} replicas={replicas} />
          ))}
        </tbody>
      </table>
      <ul class="conditions">
        {conditions.map((condition) => (
          <ConditionLine key={condition.type} condition={condition} />
        ))}
      </ul>
      <dl class="pairs">
        <dt>wanted</dt>
        <dd>
          {desired}
          {explanation === '' ? '' : `: ${explanation}`}
        </dd>
        <dt>bounds now</dt>
        <dd>
          {min} – {max}
        </dd>
        <dt>windows</dt>
        <dd>
          up {seconds(windowSeconds.up)}, down {seconds(windowSeconds.down)}
        </dd>
        <dt>looked at</dt>
        <dd>
          <Age atMs={Date.parse(lastLook)} /> ago
        </dd>
      </dl>
    </div>
  );
}

function Metric({ metric, replicas }: { readonly metric: TargetMetric; readonly replicas: number }) {
  const { on, type, value, target, proposal, failed } = metric;
  const unit = type === 'utilization' ? ' %' : '';
  const isEach = type === 'averageValue';
  // A target for each task is compared with the sum of all.
  const measured = value === undefined || !isEach ? value : value / Math.max(1, replicas);
  return (
    <tr role="row">
      <th role="rowheader" scope="row" data-title="Measured">
        <code>{on}</code>
        {failed === undefined ? null : <p class="bad small">{failed}</p>}
      </th>
      <Cell title="Value" isNumber>
        {measured === undefined ? (
          <span class="none">–</span>
        ) : (
          <>
            {shortNumber(measured)}
            {unit}
            {isEach ? <span class="soft"> each</span> : null}
            <Meter value={measured} target={target} />
          </>
        )}
      </Cell>
      <Cell title="Target" isNumber>
        {shortNumber(target)}
        {unit}
        {isEach ? <span class="soft"> each</span> : null}
      </Cell>
      <Cell title="Asks for" isNumber>
        {proposal ?? <span class="none">–</span>}
      </Cell>
    </tr>
  );
}

/** How far a value is from its target, which is the mark in the middle. */
function Meter({ value, target }: { readonly value: number; readonly target: number }) {
  const width = target === 0 ? 0 : Math.min(2, Math.max(0, value / target)) * 50;
  return (
    <svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="ground" x="0" y="1" width="100" height="6" />
      <rect class={value > target ? 'over' : 'under'} x="0" y="1" width={width} height="6" />
      <line class="mark" x1="50" x2="50" y1="0" y2="8" />
    </svg>
  );
}

/** What each condition is when all is well. */
const USUAL: Readonly<Record<string, boolean>> = {
  AbleToScale: true,
  ScalingActive: true,
  ScalingLimited: false,
  Fallback: false,
};
const RESTING = new Set(['Paused', 'Asleep', 'ScalingDisabled', 'UpdateInProgress', 'ForeignCount']);

function ConditionLine({ condition }: { readonly condition: Condition }) {
  const { type, status, reason, message, since } = condition;
  const [tone, shape] = toneOf(condition);
  return (
    <li>
      <Badge tone={tone}>
        {shape} {type} {status ? 'yes' : 'no'}
      </Badge>{' '}
      {reason}: {message}{' '}
      <span class="soft">
        <Age atMs={Date.parse(since)} prefix="for " />
      </span>
    </li>
  );
}

function toneOf({ type, status, reason }: Condition): readonly [Tone, string] {
  if (status === USUAL[type]) return ['quiet', '✓'];
  if (type === 'ScalingLimited' || RESTING.has(reason)) return ['info', '–'];
  return ['warning', '!'];
}

function from(...sources: readonly string[]): string {
  return [...new Set(sources)].filter((source) => source !== '').join(', ');
}

function seconds(count: number): string {
  return formatDuration(count * 1_000);
}

/** Four digits are enough to compare a number with its target. */
function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
