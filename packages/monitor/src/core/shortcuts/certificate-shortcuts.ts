import { readPrometheusDuration } from '@docker-flow/labels';
import type { BuiltIn } from './built-in.js';

const EXPIRY = 'docker_flow_certificates_expiry_timestamp_seconds';

/** Shortcuts over what the certificates program tells of the certificates of services. */
export const CERTIFICATE_SHORTCUTS: readonly BuiltIn[] = [
  {
    name: '@certificate_expires',
    parameters: [{ name: 'DURATION', default: '14d' }],
    labels: { type: 'errors' },
    // Where targets have a label of that name themselves, Prometheus keeps the one of the metric as exported_service.
    expression: ({ s, v }) =>
      `min(${EXPIRY}{service="${s}"} or ${EXPIRY}{exported_service="${s}"}) - time() < ${seconds(v[0] ?? '')}`,
    summary: ({ s, v }) => `A certificate of the service ${s} expires within ${v[0]}`,
  },
];

/** A duration as seconds, because PromQL cannot calculate with durations. The pages show `DURATION` itself, as text. */
function seconds(duration: string): string {
  const read = readPrometheusDuration(duration.trim());
  return read === undefined ? `${duration} in seconds` : String(read.ms / 1_000);
}
