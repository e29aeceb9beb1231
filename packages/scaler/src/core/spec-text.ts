/**
 * Changes one value inside JSON text and leaves every other byte as it is. Going through JavaScript
 * objects would round 64-bit integers, which Docker then refuses.
 */

/** Where a value stands: from `start` to before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The span of the value under a path of keys and array indexes; `undefined` when there is none. The text must be valid JSON. */
export function findValue(json: string, path: readonly (string | number)[]): Span | undefined {
  let at = skipBlanks(json, 0);
  for (const step of path) {
    const found = typeof step === 'number' ? findItem(json, at, step) : findMember(json, at, step);
    if (found === undefined) return undefined;
    at = found;
  }
  return { start: at, end: endOfValue(json, at) };
}

/** The text with another value under a path; `undefined` when the object that should hold the last key is missing. */
export function replaceValue(json: string, path: readonly string[], value: string): string | undefined {
  const span = findValue(json, path);
  if (span !== undefined) return json.slice(0, span.start) + value + json.slice(span.end);
  const holder = findValue(json, path.slice(0, -1));
  if (holder === undefined || json[holder.start] !== '{') return undefined;
  const inside = json.slice(holder.start + 1, holder.end - 1).trim();
  const member = `${JSON.stringify(path.at(-1))}:${value}${inside === '' ? '' : ','}`;
  return json.slice(0, holder.start + 1) + member + json.slice(holder.start + 1);
}

/** The text of each element of a JSON array, in order. */
export function splitArray(json: string): readonly string[] {
  const items: string[] = [];
  const start = skipBlanks(json, 0);
  if (json[start] !== '[') return items;
  for (const at of itemStarts(json, start)) items.push(json.slice(at, endOfValue(json, at)));
  return items;
}

function findMember(json: string, at: number, key: string): number | undefined {
  if (json[at] !== '{') return undefined;
  let position = skipBlanks(json, at + 1);
  while (position < json.length && json[position] !== '}') {
    const keyEnd = endOfValue(json, position);
    const name = JSON.parse(json.slice(position, keyEnd)) as unknown;
    const valueStart = skipBlanks(json, skipBlanks(json, keyEnd) + 1);
    if (name === key) return valueStart;
    position = nextEntry(json, endOfValue(json, valueStart));
  }
  return undefined;
}

function findItem(json: string, at: number, index: number): number | undefined {
  if (json[at] !== '[') return undefined;
  let count = 0;
  for (const start of itemStarts(json, at)) {
    if (count === index) return start;
    count += 1;
  }
  return undefined;
}

function* itemStarts(json: string, at: number): Generator<number> {
  let position = skipBlanks(json, at + 1);
  while (position < json.length && json[position] !== ']') {
    yield position;
    position = nextEntry(json, endOfValue(json, position));
  }
}

/** Past the comma behind a value, or at the closing bracket. */
function nextEntry(json: string, at: number): number {
  const position = skipBlanks(json, at);
  return json[position] === ',' ? skipBlanks(json, position + 1) : position;
}

function endOfValue(json: string, at: number): number {
  const first = json[at];
  if (first === '"') return endOfText(json, at);
  if (first !== '{' && first !== '[') {
    let position = at;
    while (position < json.length && !/[,}\]\s]/.test(json[position] ?? '')) position += 1;
    return position;
  }
  let depth = 0;
  for (let position = at; position < json.length; position += 1) {
    const char = json[position];
    if (char === '"') position = endOfText(json, position) - 1;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return position + 1;
    }
  }
  return json.length;
}

function endOfText(json: string, at: number): number {
  let position = at + 1;
  while (position < json.length && json[position] !== '"') position += json[position] === '\\' ? 2 : 1;
  return position + 1;
}

function skipBlanks(json: string, at: number): number {
  let position = at;
  while (position < json.length && /\s/.test(json[position] ?? '')) position += 1;
  return position;
}
