import { expect, test } from '@jest/globals';
import { parseNameValueList } from './name-value-list.js';

test.each<[text: string, entries: Record<string, string>, dropped: string[]]>([
  ['', {}, []],
  ['k=v,k2=v2', { k: 'v', k2: 'v2' }, []],
  ['runbook=https://wiki/?page=load&x=1', { runbook: 'https://wiki/?page=load&x=1' }, []],
  ['summary=Load is high, see panel,runbook=x', { summary: 'Load is high, see panel', runbook: 'x' }, []],
  ['summary=a, 1x=2,b=c', { summary: 'a, 1x=2', b: 'c' }, []],
  ['nolabel,severity=high', { severity: 'high' }, ['nolabel']],
  [',a=b', { a: 'b' }, []],
  ['my-label.x=1', { my_label_x: '1' }, []],
  [' a = b ', { a: 'b' }, []],
  ['a=', { a: '' }, []],
  ['a=1,a=2', { a: '2' }, []],
  ['x={{ $labels.instance }},y=a=b', { x: '{{ $labels.instance }}', y: 'a=b' }, []],
])('%j', (text, entries, dropped) =>
  expect(parseNameValueList(text, { trimValues: true })).toEqual({ entries, dropped }),
);

test('values of annotations keep their blanks', () =>
  expect(parseNameValueList('summary= a ,b=c', { trimValues: false }).entries).toEqual({
    summary: ' a ',
    b: 'c',
  }));

test('an entry named like a property of every object is an entry like any other', () =>
  expect(Object.entries(parseNameValueList('__proto__=x', { trimValues: true }).entries)).toEqual([
    ['__proto__', 'x'],
  ]));
