import { defineLabels } from '../label.js';
import { seconds, wholeNumber } from '../types/number.js';
import { retryReasons } from '../types/proxy/retry-reasons.js';
import { requestTarget } from '../types/text.js';
import { PROXY_TEXT } from './text-rules.js';

const count = wholeNumber({ min: 1, max: 100, unit: 'checks' });

export const HEALTH = defineLabels(
  { title: 'Health of servers and further tries', rules: PROXY_TEXT },
  {
    checkPath: {
      type: requestTarget,
      indexed: true,
      description:
        'Servers of an http destination are checked with GET; 2xx and 3xx are well. Behind a virtual address there is one server: where it is sick, all requests get 503.',
      example: '/health',
    },
    checkInterval: {
      type: seconds({ min: 1, max: 3_600 }),
      default: '2',
      indexed: true,
      description: 'Time between checks of any kind.',
      example: '5',
    },
    checkRise: {
      type: count,
      default: '2',
      indexed: true,
      description: 'Good checks in a row until a server is used.',
      example: '1',
    },
    checkFall: {
      type: count,
      default: '3',
      indexed: true,
      description: 'Bad checks in a row until a server is not used any more.',
      example: '1',
    },
    slowStart: {
      type: seconds({ min: 1, max: 3_600 }),
      indexed: true,
      description:
        'A server that has come back gets its share little by little in this time. Needs a server for each task (`discoveryType=DNS`, `sessionType=sticky-server` or `endpoint_mode: dnsrr`).',
      example: '30',
    },
    retries: {
      type: wholeNumber({ min: 0, max: 10, unit: 'tries' }),
      default: '3',
      indexed: true,
      description: 'Further tries after a failure.',
      example: '1',
    },
    retryOn: {
      type: retryReasons,
      default: 'conn-failure,empty-response',
      indexed: true,
      description:
        'What counts as a failure. The next try goes to another server. After the connection stands only GET is tried again.',
      example: '503,conn-failure',
    },
    outlierErrors: {
      type: wholeNumber({ min: 1, max: 1_000_000, unit: 'errors' }),
      indexed: true,
      description:
        'A task that gives so many errors (5xx, broken answers) in a row is left out until `checkRise` checks are good. Needs a server for each task, as `slowStart` does.',
      example: '10',
    },
  },
);
