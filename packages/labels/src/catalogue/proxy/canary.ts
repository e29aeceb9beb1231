import { defineLabels } from '../label.js';
import { flagOn } from '../types/boolean.js';
import { cookieChooser, headerChooser } from '../types/proxy/header-names.js';
import { wholeNumber } from '../types/number.js';
import { name } from '../types/text.js';
import { PROXY_TEXT } from './text-rules.js';

export const CANARY = defineLabels(
  { title: 'A new version beside the old one', rules: PROXY_TEXT },
  {
    canaryOf: {
      type: name,
      description:
        'This service is a new version of that one: it has no routes of its own and takes part of the requests to the routes of the other, whose labels decide who may use them. http only, one for each service, not with `templateBePath`.',
      example: 'shop_api',
    },
    canaryWeight: {
      type: wholeNumber({ min: 0, max: 100, unit: 'percent' }),
      default: '0',
      description:
        'Percent of the requests (of new clients where `canarySticky`) that go to it. 0 takes all back, 100 takes all, whatever cookies say. Changed without a reload.',
      example: '5',
    },
    canarySticky: {
      type: flagOn,
      default: 'true',
      description: 'A client stays with the version it got, by the cookie `df_version_<stable service>`.',
      example: 'false',
    },
    canaryHeader: {
      type: headerChooser,
      description:
        'Header that chooses the version before everything else: by the words `always` and `never` in any letter case, or with `name:value` this one value for the canary.',
      example: 'X-Canary',
    },
    canaryCookie: {
      type: cookieChooser,
      description: 'The same with a cookie; `canaryHeader` counts before it.',
      example: 'group:beta',
    },
  },
);
