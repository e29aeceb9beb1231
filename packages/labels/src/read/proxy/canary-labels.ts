import { PROXY_LABELS as LABELS } from '../../catalogue/proxy.js';
import { listLabels, type Label } from '../../catalogue/label.js';
import { CANARY } from '../../catalogue/proxy/canary.js';
import { HEALTH } from '../../catalogue/proxy/health.js';
import { splitNumber } from '../../names/known-labels.js';
import type { Parameters } from '../../wire/notification.js';
import type { ParameterReader } from './parameter-reader.js';

/** What a canary says of itself: where its servers are and how they are spoken to. */
const OF_A_CANARY: ReadonlySet<string> = new Set(
  [
    ...listLabels<Label>(CANARY),
    ...listLabels<Label>(HEALTH),
    LABELS.serviceName,
    LABELS.aclName,
    LABELS.port,
    LABELS.outboundHostname,
    LABELS.discoveryType,
    LABELS.checkResolvers,
    LABELS.connectionMode,
    LABELS.timeoutServer,
    LABELS.timeoutTunnel,
    LABELS.timeoutClient,
    LABELS.serverName,
    LABELS.serverCa,
    LABELS.serverProto,
    LABELS.sslVerifyNone,
    LABELS.sendProxy,
    LABELS.maxConn,
    LABELS.reqMode,
    LABELS.proxyInstanceName,
    LABELS.distribute,
    LABELS.replicas,
  ].map(({ name }) => name),
);

const BY_NAME: Readonly<Record<string, Label>> = LABELS;

/** Tells of every label of a canary that its stable service decides about. */
export function tellWhatACanaryDoesNotSay(reader: ParameterReader, parameters: Parameters): void {
  for (const key of Object.keys(parameters).sort()) {
    const { name, number } = splitNumber(key);
    const label = BY_NAME[name];
    if (!label || OF_A_CANARY.has(name) || label.sentByListener) continue;
    const index = number === undefined || !label.indexed ? undefined : Number(number);
    if (reader.text(label, index) === undefined) continue;
    reader.warn(label, index, {
      problem: 'has no effect beside canaryOf',
      expected: 'the label on the stable service',
      kind: 'no-effect',
    });
  }
}
