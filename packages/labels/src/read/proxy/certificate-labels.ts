import {
  CERTIFICATE_LABELS as LABELS,
  COMPANION_SEPARATORS,
  NAME_SEPARATORS,
} from '../../catalogue/certificates.js';
import type { Label } from '../../catalogue/label.js';
import { PROXY_LABELS } from '../../catalogue/proxy.js';
import { readDomainName, splitNames } from '../../catalogue/types/domain-name.js';
import { REGEXP_COMPARISON } from '../../catalogue/types/proxy/fetch.js';
import { destinationNumbers } from '../../names/destination-numbers.js';
import { compareBytes } from '../../values/order.js';
import { quoteValue, type Issue } from '../../values/parsed.js';
import { withoutQuotes } from '../../values/quotes.js';
import type { Parameters } from '../../wire/notification.js';
import { readMode } from './destinations.js';
import { createParameterReader, type ParameterReader } from './parameter-reader.js';
import type { ProxyLabelDefaults } from './proxy-service.js';

export type Challenge = 'http-01' | 'dns-01';
export type KeyType = 'ecdsa-p256' | 'ecdsa-p384' | 'rsa-2048' | 'rsa-3072' | 'rsa-4096';

/** A name that no certificate is ordered for; `reason` says what is wrong with it. */
export interface RefusedName {
  readonly name: string;
  readonly reason: string;
}

/** What the labels of one service say about its certificate. */
export interface CertificateLabels {
  /** Whether the service asks for one, and whether somebody wrote so or it is only the default. */
  readonly asks: 'no' | 'by default' | 'by label';
  /** The names asked for: in small letters, sorted, each once. Empty when the service asks for nothing. */
  readonly names: readonly string[];
  readonly refused: readonly RefusedName[];
  /** Domain names of the service whatever it asks for, for `passthrough`. */
  readonly domains: readonly string[];
  readonly challenge: Challenge | undefined;
  readonly keyType: KeyType | undefined;
  readonly profile: string | undefined;
  /** The service answers challenges for its domains itself. */
  readonly passthrough: boolean;
  /** Only an authority for trials may be asked. */
  readonly testing: boolean;
  readonly email: string | undefined;
  /** Labels that could not be read; a refused name is none. */
  readonly issues: readonly Issue[];
}

export interface CertificateLabelDefaults extends Pick<
  ProxyLabelDefaults,
  'separator' | 'requestMode' | 'domainAlgo'
> {
  /** `ACME_DEFAULT`: whether a service that says nothing asks. */
  readonly acmeByDefault: boolean;
}

/** Reads the parameters of one service (labels without `com.df.`). Never throws. */
export function readCertificateLabels(
  parameters: Parameters,
  defaults: CertificateLabelDefaults,
): CertificateLabels {
  const reader = createParameterReader(parameters, {
    service: parameters['serviceName'] ?? '',
    separator: defaults.separator,
    defaults: {},
  });
  const asks = asking(reader, defaults);
  const domains = checkNames(ownDomains(reader, parameters, defaults));
  const chosen = asks === 'no' ? { names: [], refused: [] } : (chosenNames(reader) ?? domains);
  return {
    asks,
    ...chosen,
    domains: domains.names,
    challenge: reader.read(LABELS.acmeChallenge),
    keyType: reader.read(LABELS.acmeKeyType),
    profile: reader.read(LABELS.acmeProfile),
    passthrough: reader.read(LABELS.acmePassthrough) ?? false,
    testing: reader.read(LABELS['letsencrypt.testing']) ?? false,
    email: reader.read(LABELS['letsencrypt.email']),
    issues: [...reader.refusals, ...reader.warnings],
  };
}

function asking(
  reader: ParameterReader,
  { acmeByDefault }: CertificateLabelDefaults,
): CertificateLabels['asks'] {
  const own = reader.read(LABELS.acme);
  if (own !== undefined) return own ? 'by label' : 'no';
  const others = [LABELS.acmeDomains, LABELS['letsencrypt.host'], LABELS['letsencrypt.email']];
  if (others.some((label) => isWritten(reader, label))) return 'by label';
  return acmeByDefault ? 'by default' : 'no';
}

function isWritten(reader: ParameterReader, label: Label): boolean {
  return plainText(reader, label) !== '';
}

function plainText(reader: ParameterReader, label: Label, index?: number): string {
  const text = (reader.text(label, index) ?? '').trim();
  return withoutQuotes(text) ?? text;
}

/** The names that a label lists in place of the domains. */
function chosenNames(reader: ParameterReader): ReturnType<typeof checkNames> | undefined {
  const lists = [
    splitNames(plainText(reader, LABELS.acmeDomains), NAME_SEPARATORS),
    splitNames(plainText(reader, LABELS['letsencrypt.host']), COMPANION_SEPARATORS),
  ];
  const list = lists.find((items) => items.length > 0);
  return list && checkNames(list);
}

/** All domains of http destinations as they are written. Regular expressions are no names. */
function ownDomains(
  reader: ParameterReader,
  parameters: Parameters,
  defaults: CertificateLabelDefaults,
): readonly string[] {
  const algo = plainText(reader, PROXY_LABELS.serviceDomainAlgo) || defaults.domainAlgo;
  const comparesPatterns = new RegExp(`^(?:${REGEXP_COMPARISON})$`).test(algo);
  return destinationNumbers(parameters).flatMap((index) => {
    if (readMode(reader, index, { ...defaults, httpsOnly: false }) !== 'http') return [];
    const lists = [
      ...(comparesPatterns ? [] : [PROXY_LABELS.serviceDomain]),
      PROXY_LABELS.redirectFromDomain,
    ];
    return lists.flatMap((label) => splitNames(plainText(reader, label, index), [defaults.separator]));
  });
}

/** Sorted and without duplicates; what is none keeps its first reason. */
function checkNames(items: readonly string[]): {
  readonly names: readonly string[];
  readonly refused: readonly RefusedName[];
} {
  const names = new Set<string>();
  const refused = new Map<string, RefusedName>();
  for (const item of items) {
    const result = readDomainName(item);
    if (result.ok) names.add(result.value);
    else if (!refused.has(item)) refused.set(item, { name: shown(item), reason: result.problem });
  }
  return { names: [...names].sort(compareBytes), refused: [...refused.values()] };
}

/** What is no name may be anything: on one line, and not longer than people read. */
function shown(item: string): string {
  return quoteValue(item).slice(1, -1);
}
