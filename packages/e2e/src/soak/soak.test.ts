import { expect, test } from '@jest/globals';
import { createRandom } from '../chaos/random.js';
import { afterChange, firstServices, nextChange, soakLabels } from './changing-services.js';
import { driftOf, seriesOf, type Series } from './drift.js';
import { soakPicture } from './picture.js';

test('about as many services are there after thousands of changes as at first', () => {
  const random = createRandom(3);
  let services = firstServices(100);
  const kinds = new Set<string>();
  for (let i = 0; i < 5_000; i += 1) {
    const change = nextChange(services, 100, random);
    kinds.add(change.what);
    services = afterChange(services, change);
  }
  expect([...kinds].sort()).toEqual(['create', 'remove', 'update']);
  expect(services.size).toBeGreaterThan(75);
  expect(services.size).toBeLessThanOrEqual(100);
});

test('equal seeds make equal changes', () => {
  const changes = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 20 }, () => nextChange(firstServices(10), 10, random));
  };
  expect(changes(1)).toEqual(changes(1));
  expect(changes(1)).not.toEqual(changes(2));
});

test('labels change with the revision', () => {
  const service = { name: 'soak-3', revision: 7, replicas: 1 };
  expect(soakLabels(service, 8000)['com.df.servicePath']).toBe('/soak-3/,/soak-3-7/');
  expect(soakLabels({ ...service, revision: 8 }, 8000)).not.toEqual(soakLabels(service, 8000));
});

function series(values: readonly number[], change: Partial<Series> = {}): Series {
  return {
    name: 'x',
    unit: 'MB',
    mayGrow: false,
    points: values.map((value, i) => [i, value] as const),
    ...change,
  };
}

test.each<[string, Series, boolean]>([
  ['a flat line', series(Array.from({ length: 60 }, (_, i) => 100 + (i % 2) * 10)), false],
  ['a line that climbs', series(Array.from({ length: 60 }, (_, i) => 100 + i)), true],
  [
    'one that climbs and may',
    series(
      Array.from({ length: 60 }, (_, i) => 100 + i),
      { mayGrow: true },
    ),
    false,
  ],
  [
    'one that climbs while it warms up',
    series([10, 20, 50, ...Array.from({ length: 57 }, () => 100)]),
    false,
  ],
  ['one peak', series([...Array.from({ length: 59 }, () => 100), 900]), false],
  ['old workers that stay', series([2, 2, 2, 2, 2, 2, 3, 4, 5, 6, 7, 8], { unit: 'processes' }), true],
])('%s', (_what, one, hasGrown) => expect(driftOf(one).hasGrown).toBe(hasGrown));

test('samples become one line for each figure, also for one that comes later', () => {
  const figure = (name: string, value: number) => ({ name, unit: 'MB', value, mayGrow: false });
  const samples = [
    { atSeconds: 0, figures: [figure('a', 1)] },
    { atSeconds: 5, figures: [figure('a', 2), figure('b', 3)] },
    { atSeconds: 9, figures: [figure('a', NaN)] },
  ];
  expect(seriesOf(samples).map(({ name, points }) => [name, points])).toEqual([
    [
      'a',
      [
        [0, 1],
        [5, 2],
      ],
    ],
    ['b', [[5, 3]]],
  ]);
});

test('the picture has a line for each series, inside of its frame, and no text that breaks out', () => {
  const picture = soakPicture('a <b> & c', [series([1, 2, 4]), series([0, 0], { name: '<script>' })]);
  const lines = [...picture.matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) => points);
  expect(lines).toEqual(['0.0,87.0 210.0,64.0 420.0,18.0', '0.0,110.0 420.0,110.0']);
  expect(picture).toContain('a &lt;b&gt; &amp; c');
  expect(picture).not.toContain('<script>');
});
