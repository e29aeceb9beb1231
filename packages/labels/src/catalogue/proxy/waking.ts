import { defineLabels } from '../label.js';
import { flag } from '../types/boolean.js';
import { seconds, wholeNumber } from '../types/number.js';
import { PROXY_TEXT } from './text-rules.js';

export const WAKING = defineLabels(
  { title: 'Waking from zero replicas', rules: PROXY_TEXT },
  {
    wakeOnRequest: {
      type: flag,
      default: 'false',
      description:
        'With 0 replicas the service keeps its routes, and a request that may reach it makes the scaler of `SCALER_ADDRESS` start it. http only, not on a canary, and not with `templateBePath`. Without `checkPath` its servers are not checked by HAProxy.',
      example: 'true',
    },
    wakeWait: {
      type: seconds({ min: 1, max: 300 }),
      default: '30',
      description: 'How long a request is held while the service starts; then the client gets 503.',
      example: '60',
    },
    wakePage: {
      type: seconds({ min: 0, max: 300 }),
      default: '5',
      description: 'After that time browsers get a page that reloads itself; never later than `wakeWait`.',
      example: '2',
    },
    wakeReplicas: {
      type: wholeNumber({ min: 1, max: 1_000, unit: 'replicas' }),
      default: '1',
      description: 'Replicas that the scaler is asked for.',
      example: '2',
    },
  },
);
