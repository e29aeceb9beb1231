import { defineLabels } from './label.js';
import { boolean } from './types/boolean.js';
import { choice } from './types/choice.js';
import { wholeNumber } from './types/number.js';
import {
  cron,
  expression,
  fallback,
  positiveNumber,
  rates,
  share,
  targetValue,
  timeSpan,
  timeZone,
} from './types/scaling.js';

const replicas = wholeNumber({ min: 0, max: 1_000_000, unit: 'replicas' });
const select = choice({
  name: 'choice of a rate',
  problem: 'is not a choice of a rate',
  choices: ['max', 'min', 'disabled'],
});

/**
 * Labels for scaling on targets. With `scaleOn` the scaler asks Prometheus itself, every few seconds, and decides like
 * the HPA v2 of Kubernetes.
 */
export const TARGET_LABELS = defineLabels(
  { title: 'Scaling on a target', rules: { trim: true, emptyIsAbsent: true, unquote: true } },
  {
    scaleOn: {
      type: expression,
      indexed: true,
      description:
        'What is measured: `@cpu`, `@memory`, `@requests`, `@connections`, `@response_time` (see the [shortcuts](docs/reference/shortcuts.md)) or a PromQL expression. Of several, the one that asks for most counts.',
      example: '@cpu',
    },
    scaleTarget: {
      type: targetValue,
      indexed: true,
      description:
        'What it is to be kept at: a percentage of what the tasks have reserved (`@cpu` and `@memory`), or a number.',
      example: '70%',
    },
    scaleTargetType: {
      type: choice({
        name: 'type of a target',
        problem: 'is not a type of a target',
        choices: ['perTask', 'total', 'utilization'],
      }),
      indexed: true,
      description:
        'Whether the target is meant for each task, for the service as a whole, or as a share of the reservation. Without it, a percentage is `utilization` and a number `perTask`, but `total` for `@response_time`.',
      example: 'perTask',
    },
    scalePer: {
      type: choice({ name: 'subject', problem: 'is neither service nor task', choices: ['service', 'task'] }),
      indexed: true,
      default: 'service',
      description:
        'What a PromQL expression yields: one number for the `service`, or one series for each `task`, which are told apart by the id of the task in any metric label, or by its address in `instance`.',
      example: 'task',
    },
    scaleActivation: {
      type: share,
      indexed: true,
      default: '0',
      description: 'With `scaleToZero`: the service is awake while the number is above this.',
      example: '5',
    },
    scaleEmpty: {
      type: choice({ name: 'reading', problem: 'is neither error nor zero', choices: ['error', 'zero'] }),
      indexed: true,
      default: 'error',
      description: 'What it means when an expression of the service has no result: a failure, or 0.',
      example: 'zero',
    },
    scaleTolerance: {
      type: share,
      default: '0.1',
      description: 'How far, as a share of the target, a metric may be off it while nothing moves.',
      example: '0.1',
    },
    scaleUpTolerance: {
      type: share,
      description: 'The same above the target only.',
      example: '0.05',
    },
    scaleDownTolerance: {
      type: share,
      description: 'The same below the target only.',
      example: '0.2',
    },
    scaleUpPolicies: {
      type: rates,
      default: '4/15s,100%/15s',
      description: 'How many tasks, or what part of them, may come in a period.',
      example: '4/15s,100%/15s',
    },
    scaleDownPolicies: {
      type: rates,
      default: '100%/15s',
      description: 'How many tasks, or what part of them, may go in a period.',
      example: '2/60s,10%/60s',
    },
    scaleUpSelect: {
      type: select,
      default: 'max',
      description:
        'Of several rates the one that allows most (`max`) or least (`min`); `disabled`: never up.',
      example: 'min',
    },
    scaleDownSelect: {
      type: select,
      default: 'max',
      description:
        'Of several rates the one that allows most (`max`) or least (`min`); `disabled`: never down.',
      example: 'min',
    },
    scaleUpWindow: {
      type: timeSpan,
      default: '0s',
      description: 'For how long every look must have asked for more; at most an hour.',
      example: '0s',
    },
    scaleDownWindow: {
      type: timeSpan,
      default: '5m',
      description: 'For how long every look must have asked for less; at most an hour.',
      example: '5m',
    },
    scaleCpuInitialization: {
      type: timeSpan,
      default: '5m',
      description:
        'For how long after its start a task counts for `@cpu` only once it is ready and was measured since.',
      example: '2m',
    },
    scaleReadinessDelay: {
      type: timeSpan,
      default: '30s',
      description: 'A task that was not ready so long after its start, and is not now, never was.',
      example: '30s',
    },
    scaleToZero: {
      type: boolean,
      default: 'false',
      description:
        'Whether the service sleeps with no replicas while no metric of the service is above its `scaleActivation`.',
      example: 'true',
    },
    scaleZeroCooldown: {
      type: timeSpan,
      default: '5m',
      description: 'How long nothing must have been active before it sleeps.',
      example: '5m',
    },
    scaleZeroWake: {
      type: choice({
        name: 'waking',
        problem: 'is neither ours nor always',
        choices: ['ours', 'always'],
      }),
      default: 'ours',
      description:
        '`ours`: only what the scaler put to sleep, or what was created with no replicas, is woken. `always`: also what somebody scaled to 0.',
      example: 'always',
    },
    scaleFallback: {
      type: fallback,
      description:
        'Failed looks after which a metric that cannot be had counts as a number of replicas, and which: `3:4:currentReplicasIfHigher`.',
      example: '3:4:currentReplicasIfHigher',
    },
    scaleScheduleStart: {
      type: cron,
      indexed: true,
      description: 'When other bounds begin, as a cron expression.',
      example: '0 8 * * 1-5',
    },
    scaleScheduleEnd: {
      type: cron,
      indexed: true,
      description: 'When they end.',
      example: '0 20 * * 1-5',
    },
    scaleScheduleTimezone: {
      type: timeZone,
      indexed: true,
      default: 'UTC',
      description: 'Whose clock on the wall that is.',
      example: 'Europe/Berlin',
    },
    scaleScheduleMin: {
      type: replicas,
      indexed: true,
      description: 'Fewest replicas meanwhile.',
      example: '4',
    },
    scaleScheduleMax: {
      type: replicas,
      indexed: true,
      description: 'Most replicas meanwhile.',
      example: '20',
    },
    scaleFormula: {
      type: expression,
      description:
        'One number from those of the service metrics, by their numbers: `m1` is `scaleOn` or `scaleOn.1`, `m2` is `scaleOn.2`. It is compared with `scaleFormulaTarget` in their place.',
      example: '(m1 + m2) / 2',
    },
    scaleFormulaTarget: {
      type: positiveNumber,
      description: 'What the number of the formula is to be kept at for each task.',
      example: '50',
    },
    scalePausedReplicas: {
      type: replicas,
      description: 'With `scalePaused=true`: the scaler sets and keeps this count.',
      example: '2',
    },
  },
);
