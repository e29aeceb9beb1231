import { z } from 'zod/v3';

const nullable = z.string().nullish();

const ManagedCertificate = z.object({
  certName: z.string(),
  services: z.array(z.string()).default([]),
  names: z.array(z.string()).default([]),
  state: z.string(),
  problem: nullable,
  notAfter: nullable,
  renewAt: nullable,
  nextTry: nullable,
  issuer: nullable,
});
export type ManagedCertificate = Readonly<z.infer<typeof ManagedCertificate>>;

/** The answer of `status` of the program for certificates, as far as it is shown. */
export const CertificatesStatus = z.object({
  authority: z.object({ problem: nullable }).optional(),
  certificates: z.array(ManagedCertificate).default([]),
});

export interface CertificatesPiece {
  readonly certificates: readonly ManagedCertificate[];
}

export interface CertificatesReading {
  readonly services: ReadonlyMap<string, CertificatesPiece>;
  readonly certificates: readonly ManagedCertificate[];
  readonly authorityProblem: string | undefined;
}

export function certificatesReading(status: z.infer<typeof CertificatesStatus>): CertificatesReading {
  const services = new Map<string, { certificates: ManagedCertificate[] }>();
  for (const certificate of status.certificates)
    for (const service of certificate.services) {
      const piece = services.get(service) ?? { certificates: [] };
      piece.certificates.push(certificate);
      services.set(service, piece);
    }
  return {
    services,
    certificates: status.certificates,
    authorityProblem: status.authority?.problem ?? undefined,
  };
}
