import { expect, test } from '@jest/globals';
import { lintText } from '../../testing/lint-text.js';
import { stackOf } from '../../testing/run-command.js';

const ROUTE = ['com.df.servicePath=/a', 'com.df.port=80'];

function withoutNotify(labels: readonly string[]): string {
  return stackOf({ web: labels }).replace('        - com.df.notify=true\n', '');
}

test.each([
  ['a route', ROUTE, {}, ['DF502 com.df.servicePath']],
  ['an alert', ['com.df.alertName=x', 'com.df.alertIf=up == 0'], {}, ['DF502 com.df.alertName']],
  ['bounds, which need no notification', ['com.df.scaleMin=1', 'com.df.scaleMax=4'], {}, []],
  ['what is only about notifications', ['com.df.distribute=true'], {}, []],
  [
    'the label of another listener',
    [...ROUTE, 'com.acme.tell=true'],
    { settings: ['DF_NOTIFY_LABEL=com.acme.tell'] },
    [],
  ],
  [
    'ours, where the listener looks at another one',
    [...ROUTE, 'com.df.notify=true'],
    { settings: ['DF_NOTIFY_LABEL=com.acme.tell'] },
    ['DF502 com.df.servicePath'],
  ],
])('without com.df.notify: %s', async (_, labels, options, expected) => {
  expect(await lintText(withoutNotify(labels), options)).toEqual(expected);
});
