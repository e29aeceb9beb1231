import { CERTIFICATE_LABELS } from './certificates.js';
import { listLabels, type Label, type Reader } from './label.js';
import { LISTENER_LABELS } from './listener.js';
import { MONITOR_LABELS } from './monitor.js';
import { PROXY_LABELS } from './proxy.js';
import { SCALER_LABELS } from './scaler.js';

/** Every label, by the program that reads it. */
export const CATALOGUE: Readonly<Record<Reader, readonly Label[]>> = {
  'swarm-listener': listLabels(LISTENER_LABELS),
  monitor: listLabels(MONITOR_LABELS),
  'proxy-configurator': listLabels(PROXY_LABELS),
  scaler: listLabels(SCALER_LABELS),
  certificates: listLabels(CERTIFICATE_LABELS),
};
