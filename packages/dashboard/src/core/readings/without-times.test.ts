import { expect, test } from '@jest/globals';
import { withoutTimes } from './without-times.js';

test.each([
  [
    'a sample',
    '{"metric":{"a":"b"},"value":[1764387000.123,"0.5"]}',
    '{"metric":{"a":"b"},"value":[,"0.5"]}',
  ],
  [
    'a rule',
    '{"state":"firing","lastEvaluation":"2026-11-29T03:00:00.1Z","evaluationTime":1.5e-05}',
    '{"state":"firing","lastEvaluation":,"evaluationTime":}',
  ],
  [
    'a target',
    '{"lastScrape":"2026-11-29T03:00:00Z","lastScrapeDuration":0.01}',
    '{"lastScrape":,"lastScrapeDuration":}',
  ],
])('times of %s play no role', (_what, text, expected) => {
  expect(withoutTimes(text)).toBe(expected);
});

test.each([
  ['the value of an alert', '{"activeAt":"2026-11-29T03:00:00Z","value":"3e+00"}'],
  ['a label that looks like a field', JSON.stringify({ metric: { note: '"value":[1,"lastScrape":"x"' } })],
])('%s stays', (_what, text) => {
  expect(withoutTimes(text)).toBe(text);
});
