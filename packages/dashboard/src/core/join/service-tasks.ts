import type { Parameters } from '@docker-flow/labels';

/** A running task, as the listener tells it where it sends `nodeInfo`. */
export interface TaskPlace {
  readonly nodeName: string;
  readonly address: string;
}

/** Running tasks; none where nobody tells. */
export function serviceTasks(parameters: Parameters | undefined): readonly TaskPlace[] {
  const text = parameters?.['nodeInfo'];
  if (text === undefined) return [];
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) => {
    const [nodeName, address] = Array.isArray(row) ? (row as unknown[]) : [];
    return typeof nodeName === 'string' && typeof address === 'string' ? [{ nodeName, address }] : [];
  });
}
