import { compareBytes } from '@docker-flow/labels';
import type { HostClaims } from './host-claims.js';

/** A certificate that a service brings in its label. */
export interface LabelCertificate {
  readonly service: string;
  /** The names it is for, in small letters. */
  readonly names: readonly string[];
}

/** What of a label's certificate clients get. */
export interface AssignedCertificate {
  readonly service: string;
  /** The names for which it is shown; none when it is not used. */
  readonly names: readonly string[];
  /** Why it is not shown for the others. */
  readonly refused: readonly { readonly name: string; readonly problem: string }[];
}

export interface NameOwners {
  /** Names of the certificates that an operator has put there. */
  readonly operator: readonly string[];
  /** The last answer. */
  readonly before: readonly AssignedCertificate[];
  readonly claims: HostClaims;
}

/**
 * Who shows a certificate for which name. Any service may bring a certificate for any name, so one in a label
 * never takes a name that a certificate of the operator covers, that is another service's domain, or that
 * another service's label shows already: who comes later changes nothing of what is there. The order of the
 * answer is that of the list: the first is the default where the operator has none.
 */
export function assignCertificateNames(
  certificates: readonly LabelCertificate[],
  { operator, before, claims }: NameOwners,
): readonly AssignedCertificate[] {
  const rank = new Map(before.map(({ service }, at) => [service, at]));
  const rankOf = (service: string) => rank.get(service) ?? before.length;
  const inOrder = [...certificates].sort(
    (a, b) => rankOf(a.service) - rankOf(b.service) || compareBytes(a.service, b.service),
  );
  const holders = new Map<string, string>();
  for (const { service, names } of before) {
    const now = certificates.find((one) => one.service === service);
    for (const name of names) if (now?.names.includes(name)) holders.set(name, service);
  }

  /** A wildcard holds a name below it only for a service that says this name itself. */
  function otherHolder(service: string, name: string): string | undefined {
    const exact = holders.get(name);
    if (exact !== undefined) return exact === service ? undefined : exact;
    const wide = holders.get(wildcardAbove(name));
    return wide !== undefined && wide !== service && claims.names(wide, name) ? wide : undefined;
  }

  function problemOf(service: string, name: string): string | undefined {
    if (operator.includes(name) || operator.includes(wildcardAbove(name)))
      return 'a certificate of the operator is for it';
    const foreign = claims.foreignTo(service, name);
    if (foreign !== undefined) return `it is a domain of service ${foreign}`;
    const holder = otherHolder(service, name);
    return holder === undefined ? undefined : `service ${holder} shows a certificate for it`;
  }

  return inOrder.map(({ service, names }) => {
    const judged = names.map((name) => ({ name, problem: problemOf(service, name) }));
    const held = judged.filter(({ problem }) => problem === undefined).map(({ name }) => name);
    for (const name of held) holders.set(name, service);
    return {
      service,
      names: held,
      refused: judged.flatMap(({ name, problem }) => (problem === undefined ? [] : [{ name, problem }])),
    };
  });
}

/** `*.acme.com` for `www.acme.com`; clients take a wildcard for one label only. */
function wildcardAbove(name: string): string {
  const at = name.indexOf('.');
  return at < 0 ? name : `*${name.slice(at)}`;
}
