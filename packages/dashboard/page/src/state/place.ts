/** Where on the page somebody is: what the part of the address behind `#` says. */
export interface Place {
  /** `services`, `problems` …, and what is looked at below it. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

export const VIEWS = [
  'services',
  'problems',
  'decisions',
  'routes',
  'certificates',
  'nodes',
  'labels',
] as const;
export type View = (typeof VIEWS)[number];

/** Reads `#/services/web?range=900`; what is not understood is the list of services. */
export function readPlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s);
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const isView = (VIEWS as readonly string[]).includes(parts[0] ?? '');
  return { path: isView ? parts : ['services'], query: Object.fromEntries(new URLSearchParams(query)) };
}

/** The inverse of {@link readPlace}; empty values are left out. */
export function writePlace({ path, query }: Place): string {
  const entries = Object.entries(query).filter(([, value]) => value !== '');
  const search = new URLSearchParams(entries).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
