import { expect, test } from '@jest/globals';
import { builtInShortcut } from '@docker-flow/monitor';
import { renderShortcutsPage } from './shortcuts-page.js';

test('a shortcut is shown with its values, expression, summary and metric labels', () => {
  const shortcut = builtInShortcut({
    name: '@busy',
    parameters: [{ name: 'RATE' }, { name: 'WINDOW', default: '5m' }],
    labels: { scale: 'up' },
    expression: ({ s, v }) => `sum(rate(requests{job="${s}"}[${v[1]}])) > ${v[0]}`,
    summary: ({ s }) => `${s} is busy`,
  });
  const page = renderShortcutsPage([{ title: 'Mine', says: 'Some.', shortcuts: [shortcut] }]);
  expect(page).toContain(
    [
      '## Mine',
      '',
      'Some.',
      '',
      '### `@busy:RATE,[WINDOW=5m]`',
      '',
      '```',
      'sum(rate(requests{job="SERVICE"}[WINDOW])) > RATE',
      '```',
      '',
      'Summary: SERVICE is busy. Metric labels: `scale: up`',
    ].join('\n'),
  );
});
