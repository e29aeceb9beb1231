import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { finish, mappingNode, presetItems, setOption } from './option-tree.js';
import type { Options } from './schema.js';

const OPTIONS: Options = {
  interval: { type: 'text', keepsEmpty: false },
  url: { type: 'text', keepsEmpty: true },
  limit: { type: 'number', keepsEmpty: false },
  enabled: { type: 'boolean', keepsEmpty: false },
  names: { type: 'texts' },
  labels: { type: 'text-map' },
  params: { type: 'list-map' },
  auth: { type: 'mapping', options: { user: { type: 'text', keepsEmpty: true } } },
  jobs: {
    type: 'mappings',
    options: { name: { type: 'text', keepsEmpty: false }, names: { type: 'texts' } },
  },
};

/** The value that these variables make, and their problems in order. */
function build(...settings: readonly (readonly [path: string, value: string])[]) {
  const node = mappingNode(OPTIONS);
  const problems = settings.map(([path, value]) => setOption(node, path.split('.'), value));
  return { value: finish(node), problems: problems.filter((problem) => problem !== undefined) };
}

describe('a known option', () => {
  test.each<[string, string, unknown]>([
    ['interval', '5s', { interval: '5s' }],
    ['limit', '-12', { limit: -12 }],
    ['enabled', 'T', { enabled: true }],
    ['names_1', 'a', { names: ['a'] }],
    ['labels', 'a=b=c', { labels: { a: 'b=c' } }],
    ['params', 'match_2=x', { params: { match: ['x'] } }],
    ['params', 'match=x', { params: { match: ['x'] } }],
    ['auth.user', 'u', { auth: { user: 'u' } }],
    ['jobs_1.name', 'j', { jobs: [{ name: 'j' }] }],
  ])('%s=%s has the form of its type', (path, text, value) =>
    expect(build([path, text])).toEqual({ value, problems: [] }),
  );

  test.each([
    ['limit', '1.5', 'is not a whole number'],
    ['enabled', 'yes', 'is not a boolean; expected true or false'],
    ['interval_1', '5s', 'has no place: interval is one text'],
    ['interval.x', '5s', 'has no place: interval is one text'],
    ['names', 'a', 'has no place: names is a list of texts, names_1 its first'],
    ['labels', 'a', 'is not of the form name=text'],
    ['labels.a', 'b', 'has no place: labels takes name=text'],
    ['params', '=x', 'is not of the form name=text'],
    ['auth', 'u', 'has no place: auth is neither a list nor a value'],
    ['auth_1.user', 'u', 'has no place: auth is neither a list nor a value'],
    ['jobs.name', 'j', 'has no place: jobs is a list, jobs_1 its first entry'],
    ['jobs_1', 'j', 'has no place: jobs is a list, jobs_1 its first entry'],
    ['names_0', 'a', 'has the number 0; lists start at 1'],
    ['params', 'match_0=x', 'has the number 0; lists start at 1'],
    ['', 'x', 'has an empty key in its name'],
    ['auth.', 'x', 'has an empty key in its name'],
  ])('%s=%s is a problem that says what is right', (path, text, problem) =>
    expect(build([path, text])).toEqual({ value: undefined, problems: [problem] }),
  );

  test('that is empty goes, and takes back what was set before, unless emptiness means something', () => {
    expect(build(['interval', '5s'], ['interval', '']).value).toBeUndefined();
    expect(build(['limit', '0']).value).toBeUndefined();
    expect(build(['url', '']).value).toEqual({ url: '' });
  });

  test('of a map adds up over several variables, whatever their numbers', () =>
    expect(build(['labels_0', 'a=1'], ['labels_7', 'b=2'], ['labels', 'a=3']).value).toEqual({
      labels: { a: '3', b: '2' },
    }));
});

describe('an unknown option', () => {
  test.each<[string, string, unknown]>([
    ['new', 'true', { new: true }],
    ['new', '12', { new: 12 }],
    ['new', '1.5', { new: '1.5' }],
    ['new_2', 'a', { new: ['a'] }],
    ['new.deep', 'x', { new: { deep: 'x' } }],
    ['new_1.deep_1.er', 'x', { new: [{ deep: [{ er: 'x' }] }] }],
    ['jobs_1.new', 'false', { jobs: [{ new: false }] }],
    ['constructor', 'x', { constructor: 'x' }],
  ])('%s=%s passes through with the type that its value looks like', (path, text, value) =>
    expect(build([path, text])).toEqual({ value, problems: [] }),
  );
});

test('gaps of numbers are closed, and the order is that of the numbers', () =>
  expect(build(['names_10', 'c'], ['names_2', 'b'], ['names_1', 'a'], ['names_3', '']).value).toEqual({
    names: ['a', 'b', 'c'],
  }));

test('preset items have the first numbers, and options complete them', () => {
  const node = mappingNode(OPTIONS);
  presetItems(node, 'jobs', [{ name: 'one', names: ['x'] }, { name: 'two' }]);
  expect(setOption(node, ['jobs_1', 'names_2'], 'y')).toBeUndefined();
  expect(setOption(node, ['jobs_2', 'name'], 'second')).toBeUndefined();
  expect(setOption(node, ['jobs_3', 'name'], 'three')).toBeUndefined();
  expect(finish(node)).toEqual({
    jobs: [{ name: 'one', names: ['x', 'y'] }, { name: 'second' }, { name: 'three' }],
  });
});

test('any path and value finds a place or a problem, and nothing is lost beside it', () => {
  const segment = fc.oneof(
    fc.constantFrom(...Object.keys(OPTIONS), 'names_1', 'jobs_2', 'x', 'x_1', '__proto__', ''),
    fc.string({ maxLength: 4 }),
  );
  const setting = fc.tuple(fc.array(segment, { maxLength: 4 }), fc.string({ maxLength: 5 }));
  fc.assert(
    fc.property(fc.array(setting, { maxLength: 6 }), (settings) => {
      const node = mappingNode(OPTIONS);
      setOption(node, ['interval'], '5s');
      for (const [path, value] of settings.filter(([path]) => path[0] !== 'interval'))
        expect(typeof setOption(node, path, value)).toMatch(/string|undefined/);
      expect(finish(node)).toMatchObject({ interval: '5s' });
    }),
  );
});
