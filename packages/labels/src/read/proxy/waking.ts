import { PROXY_LABELS as LABELS } from '../../catalogue/proxy.js';
import type { ParameterReader } from './parameter-reader.js';
import type { Waking } from './proxy-service.js';

const WAIT_SECONDS = 30;
const PAGE_SECONDS = 5;

/** How a service with 0 replicas wants to be woken; `undefined`: not at all. */
export function readWaking(reader: ParameterReader): Waking | undefined {
  const isWanted = reader.read(LABELS.wakeOnRequest) ?? false;
  const waitSeconds = reader.read(LABELS.wakeWait) ?? WAIT_SECONDS;
  const pageSeconds = Math.min(waitSeconds, reader.read(LABELS.wakePage) ?? PAGE_SECONDS);
  const replicas = reader.read(LABELS.wakeReplicas) ?? 1;
  return isWanted ? { waitSeconds, pageSeconds, replicas } : undefined;
}
