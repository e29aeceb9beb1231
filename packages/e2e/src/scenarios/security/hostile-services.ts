/** A service whose labels want what belongs to others. */
export interface HostileService {
  readonly name: string;
  /** What it tries. */
  readonly trick: string;
  /** Labels without `com.df.`, beside a route and a port of its own. */
  readonly labels: Readonly<Record<string, string>>;
  /** The stack that it says it belongs to. */
  readonly stack?: string;
  /** Whether the proxy rejects it as a whole; otherwise it is live with what is its own. */
  readonly isRejected: boolean;
}

/** Every trick of a service against `bank`, whose domain is `bank.test`, and against the programs themselves. */
export function hostileServices(certificateForBank: string): readonly HostileService[] {
  return [
    trick('evil-loop', 'leads to the proxy itself', { outboundHostname: 'proxy' }, true),
    trick('evil-self', 'leads to the API on the own machine', { outboundHostname: '127.0.0.1' }, true),
    trick(
      'evil-peer',
      'leads to another replica of the proxy',
      { outboundHostname: 'tasks.flow_proxy', reqMode: 'tcp', srcPort: '9999' },
      true,
    ),
    trick('evil-port', 'takes the port of everybody', { reqMode: 'tcp', srcPort: '80' }, true),
    trick('evil-api', 'takes the port of the API', { reqMode: 'tcp', srcPort: '8080' }, true),
    trick('evil-raw', "writes HAProxy's lines", { backendExtra: 'http-request return status 418' }, true),
    trick('evil-line', 'ends its line', { servicePath: '/evil\n  http-request deny' }, true),
    trick('evil-header', 'reads variables of the proxy', { setResHeader: 'X-A "%[env(PATH)]"' }, true),
    trick('evil-template', 'reads a file', { templateBePath: '/run/secrets/api_token' }, true),
    trick('evil-broken', 'shows a certificate that is none', { serviceCert: 'nothing' }, true),
    trick('evil-certificate', "shows a certificate for bank's domain", { serviceCert: certificateForBank }),
    trick('exclude_bank', 'has the name of a generated rule', { aclName: 'bank' }),
    trick('default', 'has the name of the users of everybody', { users: 'mallory:pw' }),
    trick('prometheus', 'has the name of a job of the operator', {}),
    { ...trick('q_bank', "calls itself by bank's name", { shortName: 'true' }), stack: 'q' },
    trick('evil-slots', 'has more tasks than can be', { replicas: '99999', discoveryType: 'DNS' }),
    trick('evil-depth', 'cannot be checked in time', {
      'alertName.1': 'deep',
      'alertIf.1': `${'('.repeat(50_000)}1${')'.repeat(50_000)}`,
    }),
    trick('evil-rule', 'ends its rule', { 'alertName.1': 'broken', 'alertIf.1': 'vector(1)\n- alert: x' }),
    trick('evil-scaler', "lets its alert scale bank's tasks", {
      'alertName.1': 'mine',
      'alertIf.1': 'vector(1)',
      'alertLabels.1': 'receiver=system,service=bank,scale=down',
    }),
  ];
}

function trick(
  name: string,
  what: string,
  labels: Readonly<Record<string, string>>,
  isRejected = false,
): HostileService {
  return { name, trick: what, labels, isRejected };
}
