import { splitList } from '@docker-flow/labels';
import type { YamlMapping } from '../text/yaml.js';

interface Entry {
  readonly scheme: string;
  readonly prefix: string;
  readonly username: string;
  readonly password: string;
  readonly targets: string[];
}

/**
 * Alertmanager entries from comma-separated URLs. A missing scheme means http; a path becomes the path
 * prefix, user info becomes basic auth. URLs that agree in all of these share an entry, in order of first
 * appearance. Texts that are no address at all are reported.
 */
export function alertmanagersFromUrls(text: string): {
  readonly entries: readonly YamlMapping[];
  readonly unreadable: readonly string[];
} {
  const entries = new Map<string, Entry>();
  const unreadable: string[] = [];
  for (const piece of splitList(text).map((one) => one.trim())) {
    if (piece === '') continue;
    const address = parseAddress(piece);
    if (!address) {
      unreadable.push(piece.replace(/[^/]*@/, '***@'));
      continue;
    }
    const { target, ...rest } = address;
    const key = JSON.stringify(rest);
    const entry = entries.get(key) ?? { ...rest, targets: [] };
    entry.targets.push(target);
    entries.set(key, entry);
  }
  return { entries: [...entries.values()].map(toYaml), unreadable };
}

function parseAddress(text: string): (Omit<Entry, 'targets'> & { target: string }) | undefined {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)?.[1];
  const rest = scheme === undefined ? text : text.slice(scheme.length + '://'.length);
  const match = /^(?:([^@/]*)@)?([^/?#@\s]+)(\/[^?#]*)?(?:[?#].*)?$/.exec(rest);
  const [, userInfo = '', target, path = ''] = match ?? [];
  if (target === undefined) return undefined;
  const colon = userInfo.indexOf(':');
  return {
    scheme: scheme?.toLowerCase() ?? 'http',
    target,
    prefix: path.replace(/\/+$/, ''),
    username: decode(colon < 0 ? userInfo : userInfo.slice(0, colon)),
    password: decode(colon < 0 ? '' : userInfo.slice(colon + 1)),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function toYaml({ scheme, prefix, username, password, targets }: Entry): YamlMapping {
  return {
    scheme,
    ...(prefix === '' ? {} : { path_prefix: prefix }),
    ...(username === '' && password === '' ? {} : { basic_auth: { username, password } }),
    static_configs: [{ targets }],
  };
}
