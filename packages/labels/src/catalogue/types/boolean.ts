import { BOOLEAN_SPELLINGS, readBoolean } from '../../values/boolean.js';
import { parsed } from '../../values/parsed.js';
import { countingAs, explaining, type LabelType } from './label-type.js';
import { anyCase, matching, oneOf } from './pattern.js';

export const boolean: LabelType<boolean> = {
  name: 'boolean',
  words: '`true` or `false`',
  schema: {
    pattern: oneOf(BOOLEAN_SPELLINGS),
    numbers: { type: 'integer', minimum: 0, maximum: 1 },
    choices: ['true', 'false'],
  },
  json: 'boolean',
  choices: ['true', 'false'],
  read: (text) => readBoolean(text),
};

/** A boolean that never costs a service more than itself. */
export const flag = countingAs(boolean, false, 'and counts as false');

/** A boolean of a label that is on unless it says otherwise. */
export const flagOn = countingAs(boolean, true, 'and counts as true');

/** A boolean or `on`, which is what a checkbox of an HTML form sends. */
export const checkbox: LabelType<boolean> = explaining(
  {
    ...boolean,
    schema: { ...boolean.schema, pattern: oneOf([...BOOLEAN_SPELLINGS, 'on']) },
    read: (text) => (text === 'on' ? parsed(true) : readBoolean(text)),
  },
  ' and counts as false',
);

/** The words `true` and `false` in any letter case, and no other spelling. */
export const trueWord: LabelType<boolean> = countingAs(
  {
    ...matching(
      {
        name: 'boolean',
        words: boolean.words,
        pattern: `${anyCase('true')}|${anyCase('false')}`,
        problem: 'is not a boolean',
        expected: 'true or false',
      },
      (text) => text.toLowerCase() === 'true',
    ),
    json: 'boolean',
    choices: ['true', 'false'],
  },
  false,
  'and counts as false',
);
