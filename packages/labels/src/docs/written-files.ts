import type { Label, Reader } from '../catalogue/label.js';
import { renderLabelPage } from './page.js';
import { renderTasks } from './tasks.js';
import { labelSchema } from './schema.js';
import { stackSchema } from './stack-schema.js';

/** What is written from the catalogue, by its place in the repository. */
export function labelFiles(
  catalogue: Readonly<Record<Reader, readonly Label[]>>,
): readonly { readonly file: string; readonly text: string }[] {
  return [
    { file: 'LABELS.md', text: renderLabelPage(catalogue, renderTasks(catalogue)) },
    {
      file: 'docs/reference/labels.schema.json',
      text: `${JSON.stringify(labelSchema(catalogue), undefined, 2)}\n`,
    },
    {
      file: 'docs/reference/stack.schema.json',
      text: `${JSON.stringify(stackSchema(catalogue), undefined, 2)}\n`,
    },
  ];
}
