import { findValue } from '@docker-flow/docker/objects/spec-text';

export interface InspectedService {
  readonly id: string;
  /** Its digits: a number of 64 bits. */
  readonly version: string;
  /** The text of `Spec`, byte for byte. */
  readonly specText: string;
}

/** What an update needs of the answer to `GET /services/NAME`; `undefined` when something of it is missing. */
export function readInspected(text: string): InspectedService | undefined {
  const [id, version, specText] = [['ID'], ['Version', 'Index'], ['Spec']].map((path) => {
    const span = findValue(text, path);
    return span === undefined ? undefined : text.slice(span.start, span.end);
  });
  const bareId = /^"([A-Za-z0-9]+)"$/.exec(id ?? '')?.[1];
  if (bareId === undefined || version === undefined || specText === undefined) return undefined;
  return { id: bareId, version, specText };
}
