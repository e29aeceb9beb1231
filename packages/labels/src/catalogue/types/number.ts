import { PORTS, describeBounds, readInteger, readPort, type Bounds } from '../../values/integer.js';
import { parsed, unreadable } from '../../values/parsed.js';
import { convert, countingAs, type LabelType, type NumberSchema } from './label-type.js';
import { digitsPattern, integerPattern, matching } from './pattern.js';

interface WholeNumber extends Bounds {
  readonly unit?: string;
}

/** A whole number, in the unit of its label. */
export function wholeNumber({ min, max, unit }: WholeNumber = {}): LabelType<number> {
  const bounds: Bounds = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  return {
    name: 'whole number',
    words: `whole number${unit === undefined ? '' : ` (${unit})`}${boundsInWords(bounds)}`,
    schema: { pattern: integerPattern(bounds), numbers: integers(bounds) },
    json: 'integer',
    ...(unit !== undefined && { unit }),
    ...bounds,
    read: (text) => readInteger(text, bounds),
  };
}

function boundsInWords({ min, max }: Bounds): string {
  if (min !== undefined && max !== undefined) return `, ${min} to ${max}`;
  if (min !== undefined) return `, at least ${min}`;
  return max === undefined ? '' : `, at most ${max}`;
}

function integers({ min, max }: Bounds): NumberSchema {
  return {
    type: 'integer',
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
  };
}

/** A number of seconds, digits only. */
export function seconds({
  min = 0,
  max,
}: {
  readonly min?: number;
  readonly max: number;
}): LabelType<number> {
  const expected = describeBounds({ min, max });
  return {
    ...wholeNumber({ min, max, unit: 'seconds' }),
    ...matching(
      {
        name: 'seconds',
        words: `whole number (seconds)${boundsInWords({ min, max })}`,
        pattern: digitsPattern({ min, max, width: String(max).length }),
        problem: 'is not a number of seconds',
        expected,
        numbers: integers({ min, max }),
      },
      Number,
    ),
  };
}

/** A number of seconds, read as milliseconds. */
export function secondsAsMs(bounds: Bounds): LabelType<number> {
  const type = convert(wholeNumber({ ...bounds, unit: 'seconds' }), (count) => count * 1_000);
  return { ...type, name: 'seconds' };
}

export const port: LabelType<number> = {
  name: 'port',
  words: `port, ${PORTS.min} to ${PORTS.max}`,
  schema: { pattern: digitsPattern({ ...PORTS, width: 9 }), numbers: integers(PORTS) },
  json: 'integer',
  ...PORTS,
  read: (text) => readPort(text),
};

/**
 * A port of the proxy, or 0 for none. What is not a number counts as absent; a number that is not a port
 * does not, since a route to every port of the proxy would open.
 */
export const entryPort: LabelType<number | undefined> = {
  ...port,
  schema: {
    pattern: `0|${digitsPattern({ ...PORTS, width: 9 })}`,
    numbers: integers({ ...PORTS, min: 0 }),
  },
  read(text) {
    if (text === '0') return parsed(undefined);
    const result = readPort(text);
    if (result.ok || /^[0-9]+$/.test(text)) return result;
    return { ...result, problem: `${result.problem} and counts as absent`, instead: { value: undefined } };
  },
};

/** How much one request changes: a number of replicas or nodes, or a part of the present number. Never negative. */
export interface Step {
  readonly unit: 'count' | 'percent';
  readonly size: number;
}

/** A step as labels and requests write it: an integer with or without sign, or a percentage. The sign does not count. */
export function readStep(text: string): ReturnType<LabelType<Step>['read']> {
  const expected = 'a whole number of at least 1, or a percentage such as 50%';
  const match = /^[+-]?([0-9]{1,15})(%?)$/.exec(text);
  if (!match) return unreadable('is not a step', expected);
  const size = Number(match[1]);
  if (size === 0) return unreadable('changes nothing', expected);
  return parsed({ unit: match[2] === '%' ? 'percent' : 'count', size });
}

/** A {@link Step} of replicas or nodes. */
export function step(unit: string): LabelType<Step> {
  return {
    name: 'step',
    words: `whole number (${unit}) or percentage, not 0`,
    schema: {
      pattern: '[+-]?(?=0*[1-9])[0-9]{1,15}%?',
      numbers: { type: 'integer', not: { const: 0 } },
    },
    unit,
    read: readStep,
  };
}

/** More servers than that are never provided for one service. */
const MAX_SERVERS = 100_000;

/**
 * Replicas of a service for the proxy: below 0 means a global service, what is not a number counts as 0,
 * which removes the service.
 */
export const serverCount: LabelType<number | undefined> = countingAs(
  convert(wholeNumber({ unit: 'replicas' }), (count) =>
    count < 0 ? undefined : Math.min(count, MAX_SERVERS),
  ),
  0,
  'and counts as 0',
);
