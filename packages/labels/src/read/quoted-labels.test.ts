import { expect, test } from '@jest/globals';
import { CATALOGUE } from '../catalogue/catalogue.js';
import type { Label } from '../catalogue/label.js';
import { readLabel } from './read-label.js';

/** Every label that people write, whichever program reads it. */
const LABELS: readonly (readonly [string, Label])[] = [
  ...new Map(
    Object.values(CATALOGUE).flatMap((labels) =>
      labels
        .filter(({ sentByListener }) => sentByListener !== true)
        .map((label): readonly [string, Label] => [label.name, label]),
    ),
  ),
];

function counted(label: Label, text: string): unknown {
  const result = readLabel(label, text);
  return result.ok ? result.value : result.instead?.value;
}

test.each(LABELS.filter(([, { rules }]) => rules.unquote))(
  'quotes around the value of %s are left out and told, whichever they are',
  (_name, label) => {
    for (const quote of ['"', "'"]) {
      const plain = (label.example ?? '1').replaceAll(quote, '');
      const quoted = `${quote}${plain}${quote}`;
      expect(readLabel(label, quoted)).toMatchObject({ ok: false, kind: 'quoted' });
      expect(counted(label, quoted)).toEqual(counted(label, plain));
    }
  },
);

test('only a text that is nobody’s but the user’s keeps them', () => {
  expect(LABELS.flatMap(([name, { rules }]) => (rules.unquote ? [] : [name]))).toEqual(['userDef']);
  expect(LABELS.length).toBeGreaterThan(150);
});

test.each(['"a" or "b"', "'a', 'b'", '"', '"a', "a'", '"a\'', ''])(
  '%j is not within one pair of quotes',
  (text) =>
    expect(
      LABELS.flatMap(([name, label]) => {
        const result = readLabel(label, text);
        return !result.ok && result.kind === 'quoted' ? [name] : [];
      }),
    ).toEqual([]),
);
