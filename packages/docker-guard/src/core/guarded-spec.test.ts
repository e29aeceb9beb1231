import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { guardSpec } from './guarded-spec.js';

const OPTIONS = { rescheduleKey: 'RESCHEDULE_DATE' };
const DATE = 'RESCHEDULE_DATE=20260102T030405';

const SPEC = {
  Name: 'web',
  Labels: { 'com.df.notify': 'true' },
  TaskTemplate: {
    ContainerSpec: { Image: 'web:1', Env: ['A=1', 'B=2'], Mounts: [{ Source: 'a', Target: '/a' }] },
    ForceUpdate: 3,
    Networks: [{ Target: 'n' }],
  },
  Mode: { Replicated: { Replicas: 2 } },
};

type Spec = typeof SPEC;

function guard(wanted: unknown, current: unknown = SPEC) {
  return guardSpec(JSON.stringify(current), JSON.stringify(wanted), OPTIONS);
}

function container(change: object): object {
  return {
    ...SPEC,
    TaskTemplate: { ...SPEC.TaskTemplate, ContainerSpec: { ...SPEC.TaskTemplate.ContainerSpec, ...change } },
  };
}

function template(change: object): Spec {
  return { ...SPEC, TaskTemplate: { ...SPEC.TaskTemplate, ...change } };
}

function replicas(count: unknown): object {
  return { ...SPEC, Mode: { Replicated: { Replicas: count } } };
}

test.each([
  ['nothing', SPEC],
  ['the count', replicas(9)],
  ['the count, to none', replicas(0)],
  ['the force-update counter', template({ ForceUpdate: 4 })],
  ['the date of rescheduling, for the first time', container({ Env: ['A=1', 'B=2', DATE] })],
])('%s may change', (_what, wanted) => {
  expect(guard(wanted)).toEqual({ allowed: true, specText: JSON.stringify(wanted) });
});

test('the date of rescheduling may change again', () => {
  const before = container({ Env: ['A=1', 'RESCHEDULE_DATE=old', 'B=2'] });
  const after = container({ Env: ['A=1', DATE, 'B=2'] });
  expect(guard(after, before)).toEqual({ allowed: true, specText: JSON.stringify(after) });
});

test('a count may be set where there is none', () => {
  const before = { ...SPEC, Mode: { Replicated: {} } };
  expect(guard(replicas(4), before)).toEqual({ allowed: true, specText: JSON.stringify(replicas(4)) });
});

describe('nothing else may:', () => {
  test.each<[string, unknown]>([
    ['the image', container({ Image: 'evil' })],
    ['mounts', container({ Mounts: [{ Source: '/', Target: '/host' }] })],
    ['a field that was not there', container({ Privileges: { NoNewPrivileges: false } })],
    ['a field that is gone', { ...SPEC, Labels: undefined }],
    ['a field in other letters', { ...SPEC, taskTemplate: { ContainerSpec: { Image: 'evil' } } }],
    ['a field of the prototype', JSON.parse(`{"__proto__":{"a":1},${JSON.stringify(SPEC).slice(1)}`)],
    ['a label', { ...SPEC, Labels: { 'com.df.notify': 'false' } }],
    ['the name', { ...SPEC, Name: 'other' }],
    ['networks', template({ Networks: [] })],
    ['the mode', { ...SPEC, Mode: { Global: {} } }],
    ['a second mode', { ...SPEC, Mode: { ...SPEC.Mode, Global: {} } }],
    ['a negative count', replicas(-1)],
    ['half a count', replicas(1.5)],
    ['a count as text', replicas('5')],
    ['no count', replicas(null)],
    ['an object as count', replicas({ a: 1 })],
    ['a huge count', replicas(1e9)],
    ['a counter as text', template({ ForceUpdate: '4' })],
    ['a negative counter', template({ ForceUpdate: -1 })],
    ['another variable', container({ Env: ['A=1', 'B=2', 'LD_PRELOAD=x'] })],
    ['a variable that is gone', container({ Env: ['A=1'] })],
    ['the order of variables', container({ Env: ['B=2', 'A=1'] })],
    ['a date that is none', container({ Env: ['A=1', 'B=2', 'RESCHEDULE_DATE=$(reboot)'] })],
    ['a date with something behind it', container({ Env: ['A=1', 'B=2', `${DATE}\nX=1`] })],
    ['two dates', container({ Env: ['A=1', 'B=2', DATE, DATE] })],
    ['all variables', container({ Env: null })],
    ['a list', [SPEC]],
    ['null', null],
  ])('%s', (_what, wanted) => expect(guard(wanted)).toMatchObject({ allowed: false }));

  test.each(['', '{', 'nonsense', '{"Name":"web"'])('text %j', (text) =>
    expect(guardSpec(JSON.stringify(SPEC), text, OPTIONS)).toMatchObject({ allowed: false }),
  );

  test('a service that has no count gets none', () => {
    expect(guard(replicas(5), { ...SPEC, Mode: { Global: {} } })).toMatchObject({ allowed: false });
  });
});

test('what is passed on is the text of Docker, not that of the caller', () => {
  const current = `{"Name":"web","Mode":{"Replicated":{"Replicas":2}},"Big":18446744073709551615}`;
  // Read as numbers of JavaScript the two are the same; keys twice, and the last one counts.
  const wanted = `{"Name":"evil","Name":"web","Mode":{"Replicated":{"Replicas":5}},"Big":18446744073709551614}`;
  expect(guardSpec(current, wanted, OPTIONS)).toEqual({
    allowed: true,
    specText: '{"Name":"web","Mode":{"Replicated":{"Replicas":5}},"Big":18446744073709551615}',
  });
});

test('whatever is wanted, nothing but count, counter and date differs from what is there', () => {
  const change = fc.oneof(
    fc.constant(SPEC as unknown),
    fc.jsonValue(),
    fc.record({ Mode: fc.record({ Replicated: fc.record({ Replicas: fc.jsonValue() }) }) }),
    fc.record({ TaskTemplate: fc.jsonValue() }),
    fc.nat(50).map((count) => replicas(count)),
    fc.jsonValue().map((value) => template({ ForceUpdate: value })),
    fc.array(fc.constantFrom('A=1', 'B=2', 'C=3', DATE)).map((Env) => container({ Env })),
  );
  fc.assert(
    fc.property(change, fc.boolean(), (wanted, merge) => {
      const asked = merge ? { ...SPEC, ...(wanted as object) } : wanted;
      const verdict = guard(asked);
      const written = verdict.allowed ? (JSON.parse(verdict.specText) as Spec) : SPEC;
      const { Replicas } = written.Mode.Replicated;
      const { ForceUpdate, ContainerSpec } = written.TaskTemplate;
      expect(Number.isInteger(Replicas) && Number.isInteger(ForceUpdate)).toBe(true);
      const Env = ContainerSpec.Env.filter((one) => one !== DATE);
      expect({
        ...written,
        Mode: { Replicated: { ...written.Mode.Replicated, Replicas: 2 } },
        TaskTemplate: { ...written.TaskTemplate, ForceUpdate: 3, ContainerSpec: { ...ContainerSpec, Env } },
      }).toEqual(SPEC);
    }),
    { numRuns: 1_000 },
  );
});
