/** What a service of the walk asks for; its labels say it to the programs. */
export interface WalkedService {
  readonly name: string;
  readonly replicas: number;
  /** How often its tasks were replaced on purpose. */
  readonly version: number;
  readonly features: Features;
}

export interface Features {
  /** A second path that changes with each number: what stays of an older one is a mistake. */
  readonly revision: number;
  /** An alert that never fires, with a figure that tells one version of it from the next. */
  readonly alert?: { readonly name: string; readonly figure: number };
  readonly isScraped: boolean;
  /** The scaler may change the count. */
  readonly bounds?: { readonly min: number; readonly max: number };
  /** It has a domain of its own beside its paths, and asks for a certificate for it. */
  readonly isCertified?: boolean;
  /** It has no routes of its own and takes so many percent of the requests to another one. */
  readonly canary?: { readonly of: string; readonly weight: number };
  readonly hostility?: Hostility;
}

/** What somebody wrote who made a mistake, or wants to break out. */
export type Hostility = 'port' | 'expression' | 'password' | 'line break';
export const HOSTILITIES: readonly Hostility[] = ['port', 'expression', 'password', 'line break'];

/** Must not be in any log. */
export const LABEL_PASSWORD = 'chaos-label-password';
/** Must not be a directive of any generated file. */
export const INJECTED = 'chaos-injected';
/** The network on which tasks are scraped. */
export const SCRAPE_NETWORK = 'monitor';

/** Labels as they stand in a stack file. */
export function labelsOf({ name, features }: WalkedService): Readonly<Record<string, string>> {
  const { revision, alert, isScraped, bounds, canary, hostility, isCertified = false } = features;
  const labels: Record<string, string> = {
    notify: 'true',
    distribute: 'true',
    ...(canary
      ? { port: '8080', canaryOf: canary.of, canaryWeight: String(canary.weight) }
      : routeLabels(name, revision, isCertified)),
  };
  if (alert) {
    labels['alertName'] = alert.name;
    labels['alertIf'] = `vector(${alert.figure}) > 1000000`;
    labels['alertFor'] = '30s';
  }
  if (isScraped) {
    labels['scrapePort'] = '8080';
    labels['scrapeNetwork'] = SCRAPE_NETWORK;
  }
  if (bounds) {
    labels['scaleMin'] = String(bounds.min);
    labels['scaleMax'] = String(bounds.max);
  }
  Object.assign(labels, hostileLabels(hostility));
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [`com.df.${label}`, value]));
}

/** Two routes where there is a domain: paths on all domains, and one on its own. */
function routeLabels(name: string, revision: number, isCertified: boolean): Record<string, string> {
  const plain = {
    port: '8080',
    servicePath: `/${name}/,/${name}-r${revision}/`,
    reqPathSearchReplace: `^/${name}[-r0-9]*/,/demo/`,
  };
  if (!isCertified) return plain;
  return {
    ...Object.fromEntries(Object.entries(plain).map(([label, value]) => [`${label}.1`, value])),
    'port.2': '8080',
    'servicePath.2': '/demo/',
    'serviceDomain.2': `${name}.test`,
    acme: 'true',
  };
}

function hostileLabels(hostility: Hostility | undefined): Readonly<Record<string, string>> {
  switch (hostility) {
    case undefined:
      return {};
    case 'port':
      return { port: 'abc' };
    case 'expression':
      return { alertName: 'broken', alertIf: '((' };
    case 'password':
      return { users: `eve:${LABEL_PASSWORD}` };
    case 'line break':
      return {
        addReqHeader: `X-A b\n  server ${INJECTED} 198.51.100.1:80`,
        alertName: 'lines',
        alertIf: `vector(1) > 2\n- alert: ${INJECTED}\n  expr: vector(1)`,
      };
  }
}
