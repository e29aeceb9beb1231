/** One line of Docker's event stream, as far as anybody needs it. */
export interface DockerEvent {
  readonly type: string;
  readonly action: string;
  /** Of what it happened to. */
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** `undefined` for a line that is no event. */
export function readEvent(line: string): DockerEvent | undefined {
  let event: {
    Type?: unknown;
    Action?: unknown;
    Actor?: { ID?: unknown; Attributes?: unknown } | null;
  } | null;
  try {
    event = JSON.parse(line) as typeof event;
  } catch {
    return undefined;
  }
  const { Type: type, Action: action, Actor: actor } = event ?? {};
  const { ID: id, Attributes: attributes } = actor ?? {};
  if (typeof type !== 'string' || typeof action !== 'string' || typeof id !== 'string' || id === '') {
    return undefined;
  }
  return { type, action, id, attributes: isObject(attributes) ? attributes : {} };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
