import { PROXY_LABELS as LABELS } from '../../catalogue/proxy.js';
import type { ParameterReader } from './parameter-reader.js';
import type { Canary } from './proxy-service.js';

/** What makes a service the new version of another one. */
export function readCanary(reader: ParameterReader): Canary | undefined {
  const of = reader.read(LABELS.canaryOf);
  const rest = {
    weight: reader.read(LABELS.canaryWeight) ?? 0,
    sticky: reader.read(LABELS.canarySticky) ?? true,
    header: reader.read(LABELS.canaryHeader),
    cookie: reader.read(LABELS.canaryCookie),
  };
  return of === undefined ? undefined : { of, ...rest };
}
