import { z } from 'zod/v3';
import type { CertificateRecord } from '../core/model/certificate-record.js';

const Names = z.array(z.string());

const Certificate = z.object({
  names: Names,
  directory: z.string().optional(),
  issuer: z.string(),
  serial: z.string(),
  notBeforeMs: z.number(),
  notAfterMs: z.number(),
  renewalId: z.string().optional(),
  hasKey: z.boolean(),
});

/** What the `.json` beside a certificate holds. */
const SavedRecord = z.object({
  certName: z.string(),
  services: Names,
  part: z.number(),
  wanted: Names,
  certificate: Certificate.optional(),
  attempts: z.number(),
  nextTryMs: z.number(),
  retryAfterMs: z.number(),
  problem: z.string().optional(),
  leftOut: z.record(z.object({ reason: z.string(), attempts: z.number(), nextTryMs: z.number() })),
  pending: z.object({ url: z.string(), names: Names, keyPem: z.string(), directory: z.string() }).optional(),
  advice: z
    .object({
      window: z.object({ startMs: z.number(), endMs: z.number() }).optional(),
      chosenMs: z.number().optional(),
      askAgainMs: z.number(),
    })
    .optional(),
  isDemanded: z.boolean(),
});

/** The record that a file holds. */
export const RecordFile = SavedRecord.transform(
  ({ certificate, problem, pending, advice, ...rest }): CertificateRecord => ({
    ...rest,
    problem,
    pending,
    certificate: certificate && {
      ...certificate,
      directory: certificate.directory,
      renewalId: certificate.renewalId,
    },
    advice: advice && { ...advice, window: advice.window, chosenMs: advice.chosenMs },
  }),
);

/** Orders and failures of the past, for our own limits. */
export const LedgerFile = z.object({
  orders: z.array(z.object({ names: Names, atMs: z.number(), isRenewal: z.boolean() })),
  failures: z.array(z.object({ name: z.string(), atMs: z.number() })),
});

/** Addresses of accounts by directory, and by whose key they were opened. */
export const AccountsFile = z.record(
  z.object({ url: z.string(), thumbprint: z.string(), lostAtMs: z.number().optional() }),
);
