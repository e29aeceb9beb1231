import type { LineFacts } from '../text/blocks.js';
import type { RenderedConfig } from '../text/render.js';

/** What HAProxy says about a configuration it refuses, and whose lines it says it about. */
export interface AttributedAlerts {
  /** Complaints by the service that caused them. */
  readonly services: ReadonlyMap<string, string>;
  /** Complaints about lines that a variable of the operator wrote: no service is at fault. */
  readonly variables: readonly string[];
  /** Complaints that name no line of a service. */
  readonly others: readonly string[];
}

const ALERT = /^\[ALERT\]\s+(?:[0-9/]+ )?\([0-9]+\) : (.*)$/;
/** `cannot bind socket (Address already in use) [0.0.0.0:80]`; HAProxy 3 says `for [0.0.0.0:80]`. */
const BIND = /cannot bind .*\[[^\]]*:([0-9]+)\]/;
const PLACE = /\[[^\]]*?:([0-9]+)\]/;
/** Written in `global`, and complained about at each line that speaks TLS. */
const CIPHERS = /\bcipher (?:list|suites?)\b/i;
/** Lines that only count or repeat. */
const SUMMARY = /^(?:config : )?(?:Error\(s\) found|Fatal errors found|\[haproxy\.main\(\)\])/;

/**
 * Finds the services and the variables whose lines HAProxy complains about, by line number, by the port, or by the
 * name of their backend, userlist or acl. A complaint begins with the label or the variable where that is known.
 */
export function attributeAlerts(
  output: string,
  { text, blocks }: Pick<RenderedConfig, 'text' | 'blocks'>,
): AttributedAlerts {
  const services = new Map<string, string>();
  const variables: string[] = [];
  const others: string[] = [];
  const facts = blocks.flatMap((block) => block.facts);
  const byName = namesOfOwners(text, facts);
  const lines = text.split('\n');
  for (const alert of alertsOf(output)) {
    const at = lineOf(alert, text);
    // Such a word stands in one variable alone, unless a line brings its own.
    if (CIPHERS.test(alert) && !/\sciphers/.test(lines[at ?? -1] ?? '')) {
      variables.push(`SSL_BIND_CIPHERS: ${alert}`);
      continue;
    }
    const source = at === undefined ? undefined : facts[at]?.source;
    const owner = (at === undefined ? undefined : facts[at]?.owner) ?? ownerByName(alert, byName);
    if (owner !== undefined) {
      if (!services.has(owner))
        services.set(owner, source === undefined ? alert : `label ${source}: ${alert}`);
    } else if (source === undefined) others.push(alert);
    else variables.push(`${source}: ${alert}`);
  }
  return { services, variables, others };
}

/** The line that a complaint is about, counted from 0: the one it names, or that opens the port it names. */
function lineOf(alert: string, text: string): number | undefined {
  const port = BIND.exec(alert)?.[1];
  if (port !== undefined) {
    const opens = new RegExp(`^\\s+bind \\S*:${port}(?![0-9])`);
    const at = text.split('\n').findIndex((one) => opens.test(one));
    return at < 0 ? undefined : at;
  }
  const named = PLACE.exec(alert)?.[1];
  return named === undefined ? undefined : Number(named) - 1;
}

/** HAProxy's complaints without process ids, counts and the path of the file; never a line of the file itself. */
export function alertsOf(output: string): readonly string[] {
  return output.split('\n').flatMap((line) => {
    const message = ALERT.exec(line.trim())?.[1];
    if (message === undefined || SUMMARY.test(message)) return [];
    return [message.replace(/^config : /, '').replace(/\[[^\]]*\/([^\]/]+):([0-9]+)\]/, '[haproxy.cfg:$2]')];
  });
}

function ownerByName(alert: string, byName: ReadonlyMap<string, string>): string | undefined {
  for (const [, quoted, bare] of alert.matchAll(
    /'([^']+)'|\b(?:backend|proxy|userlist|frontend) ([A-Za-z0-9_.:-]+)/g,
  )) {
    const owner = byName.get(quoted ?? bare ?? '') ?? byName.get((quoted ?? '').split('/')[0] ?? '');
    if (owner !== undefined) return owner;
  }
  return undefined;
}

function namesOfOwners(text: string, facts: readonly LineFacts[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  text.split('\n').forEach((line, index) => {
    const owner = facts[index]?.owner;
    if (owner === undefined) return;
    const name = /^(?:backend|userlist) (\S+)/.exec(line)?.[1] ?? /^\s+acl (\S+)/.exec(line)?.[1];
    if (name !== undefined) names.set(name, owner);
  });
  return names;
}
