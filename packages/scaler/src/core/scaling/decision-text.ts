import type { Decision, Hold } from './decide.js';
import { smallest, type ScalePolicy } from './scale-policy.js';

/** What is said of one decision. */
export interface DecisionText {
  /** The answer over HTTP and the summary of alerts, in the words of the original program. */
  readonly message: string;
  /** Which bound, label or window decided, and where its value came from. */
  readonly explanation: string;
  /** The line people know from their build server. */
  readonly headline: string;
}

/** `name` is the service as the request named it. */
export function describeDecision(name: string, decision: Decision, policy: ScalePolicy): DecisionText {
  if (decision.kind === 'scale') {
    const { from, to } = decision;
    return {
      message: `Scaling ${name} from ${from} to ${to} replicas (min: ${policy.min.value}, max: ${policy.max.value})`,
      explanation: explainChange(decision, policy),
      headline: `${name} was scaled from ${from} to ${to} replicas`,
    };
  }
  const explanation = explainHold(decision, policy);
  return {
    message: holdMessage(name, decision, policy, explanation),
    explanation,
    headline: `${name} could not be scaled: ${explanation}`,
  };
}

function explainChange(decision: Decision & { kind: 'scale' }, policy: ScalePolicy): string {
  if (decision.pinnedBy !== undefined) return explainBound(decision.pinnedBy, policy);
  const size = Math.abs(decision.to - decision.from);
  return `${decision.direction} by ${size} within ${policy.min.value} (${policy.min.from}) and ${policy.max.value} (${policy.max.from})`;
}

function explainBound(bound: 'min' | 'max', policy: ScalePolicy): string {
  const { value, from } = bound === 'max' ? policy.max : smallest(policy);
  return `the ${bound === 'min' ? 'minimum' : 'maximum'} is ${value} replicas (${from})`;
}

/** The wording of the bounds is the original's, byte for byte; everything else says its reason in full. */
function holdMessage(
  name: string,
  decision: Decision & { kind: 'hold' },
  policy: ScalePolicy,
  explanation: string,
): string {
  const { hold } = decision;
  if (hold.why === 'at-bound') {
    return hold.bound === 'max'
      ? `${name} is already scaled to the maximum number of ${policy.max.value} replicas`
      : `${name} is already descaled to the minimum number of ${smallest(policy).value} replicas`;
  }
  return `${name} stays at ${decision.replicas} replicas: ${explanation}`;
}

function explainHold(decision: Decision & { kind: 'hold' }, policy: ScalePolicy): string {
  const { hold, direction } = decision;
  switch (hold.why) {
    case 'at-bound':
      return explainBound(hold.bound, policy);
    case 'same':
      return 'that is the number asked for';
    case 'repeated':
      return `the same alert group was decided ${seconds(hold.agoMs)} ago and counts once within ${seconds(hold.windowMs)} (SCALE_GROUP_WINDOW)`;
    case 'copy':
      return `another Alertmanager delivered the same alerts ${seconds(hold.agoMs)} ago`;
    case 'subset':
      return 'alerts of the group were resolved and no new one fires';
    case 'unplaced':
      return `${hold.tasks === 1 ? '1 of its tasks' : `${hold.tasks} of its tasks`} cannot be placed: ${hold.reason}`;
    case 'paused':
      return `scaling is paused (${policy.paused.from})`;
    case 'stopped':
      return 'somebody stopped it (0 replicas); ask for an absolute number with to=, or scale it with Docker, to start it';
    case 'cool-down': {
      const { value, from } = direction === 'down' ? policy.downCooldownMs : policy.upCooldownMs;
      return `its last change was ${seconds(hold.agoMs)} ago and the cool-down before scaling ${direction ?? 'again'} is ${seconds(value)} (${from}), ${seconds(hold.remainingMs)} remain`;
    }
    case 'updating':
      return explainUpdate(hold);
  }
}

function explainUpdate(hold: Hold & { why: 'updating' }): string {
  return hold.state.endsWith('paused')
    ? `its update is halted (${hold.state}) and must be continued or rolled back first`
    : `an update is in progress (${hold.state}) and replicas are not taken away meanwhile`;
}

/** Whole seconds, rounded up, so that "0 seconds remain" is never said while a window still holds. */
function seconds(ms: number): string {
  const whole = Math.ceil(ms / 1_000);
  return whole === 1 ? '1 second' : `${whole} seconds`;
}
