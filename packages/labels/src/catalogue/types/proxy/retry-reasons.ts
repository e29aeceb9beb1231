import { unreadable } from '../../../values/parsed.js';
import type { LabelType } from '../label-type.js';
import { listOf } from '../list.js';
import { listed, matching, oneOf } from '../pattern.js';

const REASONS = [
  'conn-failure',
  'empty-response',
  'response-timeout',
  '0rtt-rejected',
  '408',
  '425',
  '500',
  '502',
  '503',
  '504',
] as const;

const EXPECTED = `some of ${listed(REASONS)}, or none alone`;

const reason = matching({
  name: 'reason',
  words: `${REASONS.map((one) => `\`${one}\``).join(', ')}, or \`none\` alone`,
  pattern: oneOf([...REASONS, 'none']),
  problem: 'is not a reason to try again',
  expected: EXPECTED,
});

const some = listOf({ ...reason, schema: { pattern: oneOf(REASONS) } });

/** What counts as a failure after which a request is tried again. */
export const retryReasons: LabelType<readonly string[]> = {
  ...some,
  name: 'list of reasons',
  schema: {
    pattern: `${some.schema.pattern ?? ''}|(?:\\s*,)*\\s*none\\s*(?:,\\s*)*`,
    numbers: { type: 'integer', enum: [408, 425, 500, 502, 503, 504] },
  },
  read(text, options) {
    const result = listOf(reason).read(text, options);
    if (!result.ok || result.value.length < 2 || !result.value.includes('none')) return result;
    return unreadable('has none beside other reasons', EXPECTED);
  },
};
