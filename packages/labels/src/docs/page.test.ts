import { expect, test } from '@jest/globals';
import type { Label, Reader } from '../catalogue/label.js';
import { choice } from '../catalogue/types/choice.js';
import { port, wholeNumber } from '../catalogue/types/number.js';
import { text } from '../catalogue/types/text.js';
import { renderLabelPage } from './page.js';

const topic = { title: 'Ports', rules: { trim: true, emptyIsAbsent: true, unquote: true } };
const PORT: Label = {
  name: 'port',
  type: port,
  indexed: true,
  description: 'Port of it.',
  example: '8080',
  topic,
  rules: topic.rules,
};

function catalogue(labels: Partial<Record<Reader, readonly Label[]>>): Record<Reader, readonly Label[]> {
  return {
    'swarm-listener': [],
    monitor: [],
    'proxy-configurator': [],
    scaler: [],
    certificates: [],
    ...labels,
  };
}

test('a label has one row with its type, default, meaning and example', () => {
  const page = renderLabelPage(
    catalogue({
      scaler: [{ ...PORT, default: '80', type: wholeNumber({ unit: 'replicas', min: 0, max: 9 }) }],
    }),
  );
  expect(page).toContain(
    '| `com.df.port` | N | whole number (replicas), 0 to 9 | `80` | Port of it. | `8080` |',
  );
});

test('parameters of swarm-listener, labels of nodes and old names have tables of their own', () => {
  const page = renderLabelPage(
    catalogue({
      'proxy-configurator': [
        { ...PORT, name: 'replicas', sentByListener: true },
        { ...PORT, name: 'zone', on: 'node', type: text },
        { ...PORT, name: 'oldPort', deprecatedFor: 'port' },
      ],
    }),
  );
  expect(page).toContain('Set by swarm-listener, not by people:\n\n| parameter |');
  expect(page).toContain('| `replicas` |');
  expect(page).toContain('Labels of nodes:\n\n| label |');
  expect(page).toContain('| `com.df.oldPort` | `com.df.port` | Port of it. |');
});

test('a choice lists its words', () => {
  const type = choice({ name: 'mode', problem: 'is not a mode', choices: ['http', 'tcp'] });
  const page = renderLabelPage(catalogue({ 'proxy-configurator': [{ ...PORT, name: 'reqMode', type }] }));
  expect(page).toContain('| `http`, `tcp` |');
});

test('labels stand under the heading of their topic', () => {
  const page = renderLabelPage(
    catalogue({
      scaler: [PORT, { ...PORT, name: 'zone', topic: { ...topic, title: 'Places' } }],
    }),
  );
  expect(page).toContain('### Ports\n\n| label |');
  expect(page).toContain('### Places\n\n| label |');
});
