import type { Readings } from '../readings/readings.js';
import type { CertificateView } from '../view/view.js';

/** Certificates of the program that orders them, and those the proxy has from elsewhere; by name. */
export function certificateViews(
  { certificates, proxy }: Readings,
  nowMs: number,
): readonly CertificateView[] {
  const views = new Map<string, CertificateView>();
  for (const { name, source = '', expires, problem, renewAt, renewalProblem } of proxy?.certificates ?? []) {
    const isExpired = expires !== undefined && Date.parse(expires) <= nowMs;
    views.set(name, {
      name,
      services: [],
      names: [],
      state: isExpired ? 'expired' : problem === undefined ? 'valid' : 'failed',
      source: source === '' ? 'proxy' : source,
      ...(expires === undefined ? {} : { expires }),
      ...(renewAt === undefined ? {} : { renewAt }),
      ...problemOf(problem ?? renewalProblem),
    });
  }
  for (const one of certificates?.certificates ?? []) {
    views.set(one.certName, {
      name: one.certName,
      services: one.services,
      names: one.names,
      state: one.state,
      source: one.issuer ?? 'authority',
      ...(one.notAfter ? { expires: one.notAfter } : {}),
      ...(one.renewAt ? { renewAt: one.renewAt } : {}),
      ...(one.problem ? { problem: one.problem } : {}),
    });
  }
  return [...views.values()];
}

function problemOf(problem: string | undefined): { readonly problem?: string } {
  return problem === undefined ? {} : { problem };
}
