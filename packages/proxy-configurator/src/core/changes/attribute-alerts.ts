import type { RenderedConfig } from '../text/render.js';

/** What HAProxy says about a configuration it refuses, and whose lines it says it about. */
export interface AttributedAlerts {
  /** Complaints by the service that caused them. */
  readonly services: ReadonlyMap<string, string>;
  /** Complaints that name no line of a service. */
  readonly others: readonly string[];
}

const ALERT = /^\[ALERT\]\s+(?:[0-9/]+ )?\([0-9]+\) : (.*)$/;
const PLACE = /\[[^\]]*?:([0-9]+)\]/;
/** Lines that only count or repeat. */
const SUMMARY = /^(?:config : )?(?:Error\(s\) found|Fatal errors found|\[haproxy\.main\(\)\])/;

/**
 * Finds the services whose lines HAProxy complains about, by line number or by the name of their backend,
 * userlist or acl.
 */
export function attributeAlerts(
  output: string,
  { text, owners }: Pick<RenderedConfig, 'text' | 'owners'>,
): AttributedAlerts {
  const services = new Map<string, string>();
  const others: string[] = [];
  const byName = namesOfOwners(text, owners);
  for (const alert of alertsOf(output)) {
    const at = PLACE.exec(alert)?.[1];
    const owner = (at === undefined ? undefined : owners[Number(at) - 1]) ?? ownerByName(alert, byName);
    if (owner === undefined) others.push(alert);
    else if (!services.has(owner)) services.set(owner, alert);
  }
  return { services, others };
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

function namesOfOwners(text: string, owners: readonly (string | undefined)[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  text.split('\n').forEach((line, index) => {
    const owner = owners[index];
    if (owner === undefined) return;
    const name = /^(?:backend|userlist) (\S+)/.exec(line)?.[1] ?? /^\s+acl (\S+)/.exec(line)?.[1];
    if (name !== undefined) names.set(name, owner);
  });
  return names;
}
