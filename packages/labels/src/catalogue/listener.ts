import { defineLabels, type TextRules } from './label.js';
import { flag, trueWord } from './types/boolean.js';
import { listOf } from './types/list.js';
import { anyText } from './types/text.js';

/** Nothing is taken away from a value, and an empty one is one. */
const LISTENER_TEXT: TextRules = { trim: false, emptyIsAbsent: false, unquote: true };

const receiver = { ...anyText, name: 'receiver', words: 'host, `host:port` or URL' };
const receivers = { ...listOf(receiver), schema: anyText.schema };

/** Labels that swarm-listener itself reads. All other `com.df.` labels pass through it untouched. */
export const LISTENER_LABELS = defineLabels(
  { title: 'Who hears of the service', rules: LISTENER_TEXT },
  {
    notify: {
      type: trueWord,
      default: 'false',
      description:
        'Marks a service of interest; any letter case of `true` counts. Another label can be chosen with `DF_NOTIFY_LABEL`.',
      example: 'true',
    },
    distribute: {
      type: flag,
      default: 'true',
      description: 'Sent to the receivers: a proxy replica forwards the request to all its replicas.',
      example: 'true',
    },
    shortName: {
      type: trueWord,
      default: 'false',
      description: 'Cuts the stack name off the service name that is sent.',
      example: 'true',
    },
    scrapeNetwork: {
      type: anyText,
      description:
        'Overlay network whose task addresses go into `nodeInfo`; its presence also makes the listener wait for convergence.',
      example: 'monitor',
    },
    notifyService: {
      type: receivers,
      description:
        'Create receivers (host, `host:port` or whole URL) that shall hear of this service; absent means all.',
      example: 'proxy,monitor:8080',
    },
  },
);
