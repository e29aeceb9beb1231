import { expect, test } from '@jest/globals';
import { renderLines } from '../../testing/render-lines.js';
import { settingsOf } from '../../testing/render-services.js';
import { workerLines } from './worker-lines.js';

const worker = { user: 'haproxy', group: 'proxies' };

function linesOf(environment: Readonly<Record<string, string>> = {}, ownGlobal = ''): string {
  return renderLines(workerLines({ ...settingsOf('/nowhere', environment), worker }, ownGlobal)).trim();
}

test('workers take the rights of their user', () => {
  expect(linesOf()).toMatch(/^user haproxy\n *group proxies$/);
  expect(workerLines(settingsOf('/nowhere'))).toEqual([]);
});

test.each([
  [{ EXTRA_GLOBAL: 'maxconn 100,user nobody' }, ''],
  [{}, 'global\n    uid 7\ndefaults\n    mode http\n'],
])('an operator who says whose rights they are is not contradicted', (environment, ownGlobal) => {
  expect(linesOf(environment, ownGlobal)).toBe('');
});

test('a user of a list is nobody whose rights are taken', () => {
  expect(linesOf({}, 'global\n    maxconn 7\nuserlist a\n    user me password x\n')).toContain(
    'user haproxy',
  );
});
