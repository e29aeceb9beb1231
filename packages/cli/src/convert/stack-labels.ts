import { entryMeant } from '../stack/misspelt-keys.js';
import { entriesOf, itemsOf, textOf, valueOf, type Placed } from '../yaml/placed.js';
import type { WrittenLabel } from './conversion.js';

/** The labels of every service as they are written: under `deploy` and, as composes do without Swarm, beside `image`. */
export function writtenLabels(root: Placed): ReadonlyMap<string, readonly WrittenLabel[]> {
  return new Map(
    entriesOf(valueOf(root, 'services')).map(({ key, value }) => [
      key.text,
      [
        ...labelsIn(valueOf(value, 'labels')),
        ...labelsIn(entryMeant(entryMeant(value, 'deploy')?.value, 'labels')?.value),
      ],
    ]),
  );
}

function labelsIn(node: Placed | undefined): readonly WrittenLabel[] {
  return [
    ...entriesOf(node).map(({ key, value }) => ({ name: key.text, text: textOf(value) ?? '' })),
    ...itemsOf(node).flatMap((item) => {
      const text = textOf(item);
      return text === undefined ? [] : [cut(text)];
    }),
  ];
}

function cut(item: string): WrittenLabel {
  const at = item.indexOf('=');
  return at < 0 ? { name: item, text: '' } : { name: item.slice(0, at), text: item.slice(at + 1) };
}
