import { parseLabelKey } from '@docker-flow/labels';
import type { Finding } from './findings/finding.js';

/** What follows where one of these labels is missing, beside the findings that name it as what would be right. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  reqMode: ['DF104', 'DF201', 'DF202', 'DF203', 'DF205', 'DF702'],
  pathType: ['DF205'],
  serviceDomainAlgo: ['DF205', 'DF601'],
  srcPort: ['DF203'],
  httpsPort: ['DF202'],
  serviceDomain: ['DF203'],
  servicePath: ['DF203'],
  usersPassEncrypted: ['DF104'],
  templateBePath: ['DF701'],
  alertIf: ['DF404'],
  alertName: ['DF404'],
  alertLabels: ['DF404'],
  scaleOn: ['DF404', 'DF450', 'DF451'],
  letsencrypt: ['DF602'],
  canaryOf: ['DF202', 'DF702'],
};

/**
 * Whether a finding follows from a label whose value nobody knows or can read: told of already, it is not looked at
 * again. `lost` is a parameter with its number.
 */
export function followsFrom(finding: Finding, lost: string): boolean {
  const { name, index } = parseLabelKey(lost);
  const number = /\.(\d+)$/.exec(finding.label ?? '')?.[1];
  if (index !== undefined && number !== undefined && Number(number) !== index) return false;
  if (FOLLOWS[name]?.includes(finding.code) === true) return true;
  return !READS_VALUES.has(finding.code) && mentions(finding.expected ?? '', name);
}

/** Codes that say what is wrong with a value or a name, whatever else there is. */
const READS_VALUES = new Set([
  'DF101',
  'DF102',
  'DF103',
  'DF105',
  'DF107',
  'DF108',
  'DF109',
  'DF206',
  'DF401',
]);

function mentions(expected: string, name: string): boolean {
  return expected.split(/[^\w]+/).includes(name);
}
