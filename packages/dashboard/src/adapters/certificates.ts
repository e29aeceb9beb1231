import type { HttpClient } from '@docker-flow/daemon/http/client';
import { CertificatesStatus, certificatesReading } from '../core/readings/certificates.js';
import type { Source } from '../ports.js';
import { createStatusSource } from './status-source.js';

/** Asks the program that orders certificates. */
export function createCertificatesSource(http: HttpClient, address: string): Source<'certificates'> {
  return createStatusSource(http, {
    name: 'certificates',
    url: `${address}/v1/docker-flow-certificates/status`,
    schema: CertificatesStatus,
    toReading: certificatesReading,
  });
}
