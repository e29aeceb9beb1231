import { defineLabels, type TextRules } from './label.js';
import { TARGET_LABELS } from './scaler-targets.js';
import { boolean } from './types/boolean.js';
import { choice } from './types/choice.js';
import { secondsAsMs, step, wholeNumber } from './types/number.js';

/** The scaler takes values as they are. */
const SCALER_TEXT: TextRules = { trim: false, emptyIsAbsent: false, unquote: true };

const YEAR_SECONDS = 366 * 86_400;

const exactBoolean = choice({ name: 'boolean', problem: 'is not a boolean', choices: ['true', 'false'] });

const REPLICAS = defineLabels(
  { title: 'Replicas', rules: SCALER_TEXT },
  {
    scaleMin: {
      type: wholeNumber({ min: 0, unit: 'replicas' }),
      default: '$DEFAULT_MIN_REPLICAS (1)',
      description:
        'Fewest replicas the scaler may leave; 0 lets a service go to no replicas. `MIN_SCALE_LABEL` chooses another name.',
      example: '2',
    },
    scaleMax: {
      type: wholeNumber({ min: 0, unit: 'replicas' }),
      default: '$DEFAULT_MAX_REPLICAS (5)',
      description:
        'Most replicas the scaler may start; it wins when the minimum is larger. `MAX_SCALE_LABEL` chooses another name.',
      example: '4',
    },
    scaleUpBy: {
      type: step('replicas'),
      default: '$DEFAULT_SCALE_SERVICE_UP_BY (1)',
      description:
        'Replicas (`2`) or part of the present replicas (`50%`) added by one scale-up; the sign does not count, 0 means the default. `SCALE_UP_BY_LABEL` chooses another name.',
      example: '2',
    },
    scaleDownBy: {
      type: step('replicas'),
      default: '$DEFAULT_SCALE_SERVICE_DOWN_BY (1)',
      description:
        'Replicas (`1`) or part of the present replicas (`25%`) taken away by one scale-down; the sign does not count, 0 means the default. `SCALE_DOWN_BY_LABEL` chooses another name.',
      example: '1',
    },
    scaleUpCooldown: {
      type: secondsAsMs({ min: 0, max: YEAR_SECONDS }),
      default: '$DEFAULT_SCALE_UP_COOLDOWN (0)',
      description:
        'Time after the last change the scaler made in which a scale-up does nothing; 0 switches it off. `SCALE_UP_COOLDOWN_LABEL` chooses another name.',
      example: '60',
    },
    scaleDownCooldown: {
      type: secondsAsMs({ min: 0, max: YEAR_SECONDS }),
      default: '$DEFAULT_SCALE_DOWN_COOLDOWN (0)',
      description:
        'Time after the last change the scaler made in which a scale-down does nothing; 0 switches it off. `SCALE_DOWN_COOLDOWN_LABEL` chooses another name.',
      example: '300',
    },
    scalePaused: {
      type: boolean,
      default: 'false',
      description:
        'The scaler leaves the service alone: requests are answered but change nothing. `SCALE_PAUSED_LABEL` chooses another name.',
      example: 'true',
    },
    scaleRestore: {
      type: boolean,
      default: '$DEFAULT_SCALE_RESTORE (true)',
      description:
        'Whether the replicas that the scaler had in force are restored when a `docker stack deploy` puts the service back to the count of its file. `SCALE_RESTORE_LABEL` chooses another name.',
      example: 'false',
    },
    reschedule: {
      type: exactBoolean,
      default: 'false',
      description:
        'Must be exactly `true`: the tasks of the service may be replaced so that some move to new nodes. `RESCHEDULE_FILTER_LABEL` chooses another name and value.',
      example: 'true',
    },
  },
);

const NODES = defineLabels(
  { title: 'Nodes', rules: SCALER_TEXT },
  {
    scaleManagerNodeMin: {
      type: wholeNumber({ min: 0, unit: 'nodes' }),
      default: '$DEFAULT_MIN_MANAGER_NODES (3)',
      description:
        'Fewest manager nodes, when the service is named in a node request. `MIN_SCALE_MANAGER_NODE_LABEL` chooses another name.',
      example: '3',
    },
    scaleManagerNodeMax: {
      type: wholeNumber({ min: 0, unit: 'nodes' }),
      default: '$DEFAULT_MAX_MANAGER_NODES (7)',
      description:
        'Most manager nodes, when the service is named in a node request. `MAX_SCALE_MANAGER_NODE_LABEL` chooses another name.',
      example: '7',
    },
    scaleManagerNodeUpBy: {
      type: step('nodes'),
      default: '$DEFAULT_SCALE_MANAGER_NODE_UP_BY (1)',
      description:
        'Manager nodes added by one scale-up, when the service is named in a node request. `SCALE_MANAGER_NODE_UP_BY_LABEL` chooses another name.',
      example: '2',
    },
    scaleManagerNodeDownBy: {
      type: step('nodes'),
      default: '$DEFAULT_SCALE_MANAGER_NODE_DOWN_BY (1)',
      description:
        'Manager nodes taken away by one scale-down, when the service is named in a node request. `SCALE_MANAGER_NODE_DOWN_BY_LABEL` chooses another name.',
      example: '2',
    },
    scaleWorkerNodeMin: {
      type: wholeNumber({ min: 0, unit: 'nodes' }),
      default: '$DEFAULT_MIN_WORKER_NODES (0)',
      description:
        'Fewest worker nodes, when the service is named in a node request. `MIN_SCALE_WORKER_NODE_LABEL` chooses another name.',
      example: '1',
    },
    scaleWorkerNodeMax: {
      type: wholeNumber({ min: 0, unit: 'nodes' }),
      default: '$DEFAULT_MAX_WORKER_NODES (5)',
      description:
        'Most worker nodes, when the service is named in a node request. `MAX_SCALE_WORKER_NODE_LABEL` chooses another name.',
      example: '8',
    },
    scaleWorkerNodeUpBy: {
      type: step('nodes'),
      default: '$DEFAULT_SCALE_WORKER_NODE_UP_BY (1)',
      description:
        'Worker nodes added by one scale-up, when the service is named in a node request. `SCALE_WORKER_NODE_UP_BY_LABEL` chooses another name.',
      example: '3',
    },
    scaleWorkerNodeDownBy: {
      type: step('nodes'),
      default: '$DEFAULT_SCALE_WORKER_NODE_DOWN_BY (1)',
      description:
        'Worker nodes taken away by one scale-down, when the service is named in a node request. `SCALE_WORKER_NODE_DOWN_BY_LABEL` chooses another name.',
      example: '1',
    },
  },
);

/**
 * Labels of a service (`deploy.labels` in a stack file) that scaler reads. The names are those that are
 * built in; a variable per label chooses another one.
 */
export const SCALER_LABELS = { ...REPLICAS, ...TARGET_LABELS, ...NODES } as const;
