import type { Label, Reader } from './label.js';
import { LISTENER_LABELS } from './listener.js';
import { MONITOR_LABELS } from './monitor.js';
import { PROXY_LABELS } from './proxy.js';
import { SCALER_LABELS } from './scaler.js';

/** Every label, by the program that reads it. */
export const CATALOGUE: Readonly<Record<Reader, readonly Label[]>> = {
  'swarm-listener': LISTENER_LABELS,
  monitor: MONITOR_LABELS,
  'proxy-configurator': PROXY_LABELS,
  scaler: SCALER_LABELS,
};
