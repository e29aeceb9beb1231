import { expect, test } from '@jest/globals';
import type { Label, Reader } from '../catalogue/label.js';
import { renderLabelPage } from './page.js';

const PORT: Label = { name: 'port', type: 'port', indexed: true, says: 'Port of it.', example: '8080' };

function catalogue(labels: Partial<Record<Reader, readonly Label[]>>): Record<Reader, readonly Label[]> {
  return { 'swarm-listener': [], monitor: [], 'proxy-configurator': [], scaler: [], ...labels };
}

test('a label has one row with its type, default, meaning and example', () => {
  const page = renderLabelPage(
    catalogue({ scaler: [{ ...PORT, default: '80', type: 'integer', unit: 'replicas', min: 0, max: 9 }] }),
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
        { ...PORT, name: 'zone', on: 'node', type: 'text' },
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
  const mode: Label = {
    name: 'reqMode',
    type: 'choice',
    choices: ['http', 'tcp'],
    indexed: false,
    says: '.',
  };
  expect(renderLabelPage(catalogue({ 'proxy-configurator': [mode] }))).toContain('| `http`, `tcp` |');
});
