import { describe, expect, test } from '@jest/globals';
import { growthOfTime } from '@docker-flow/testkit';
import {
  CATALOGUE,
  canonicalMonitorParameters,
  decodeQuery,
  nameIssues,
  parseMonitorLabels,
  parseProxyLabels,
  readLabel,
  splitList,
} from '@docker-flow/labels';
import { composeFiles } from '../testing/world.js';
import { expressionProblem } from './services/expression-limits.js';

/** A label may be as long as a request: nothing that reads one may take the square of its length. */

const SAMPLES = [
  'a',
  ' ',
  '\t',
  ',',
  'a,',
  'a=b,',
  '(',
  ')',
  '()',
  '"',
  "'",
  '{',
  '{{',
  '%[',
  '[',
  '\\',
  '/',
  '.',
  '-',
  '1',
  '1.',
  ':',
  'a:b ',
  '$',
  '@',
  '@a:1_and_',
  '\n',
  '#',
  '?',
  '*',
] as const;
const LENGTH = 2_000;
const FACTOR = 16;
/** Between in proportion (16) and its square (256): garbage has to be collected, too. */
const MOST = 4 * FACTOR;

function textOf(sample: string, length: number): string {
  return `x${sample.repeat(Math.ceil(length / sample.length))}`;
}

function growth(read: (text: string) => unknown, sample: string): number {
  return growthOfTime((length) => read(textOf(sample, length)), { length: LENGTH, factor: FACTOR });
}

const everyLabel = Object.values(CATALOGUE).flat();

test.each(
  [...new Map(everyLabel.map((label) => [label.name, label])).values()].map(
    (label) => [label.name, label] as const,
  ),
)('reading %s takes time in proportion to its length', (_, label) => {
  for (const sample of SAMPLES)
    expect([sample, growth((text) => readLabel(label, text), sample) < MOST]).toEqual([sample, true]);
});

const PROXY = { separator: ',', requestMode: 'http', httpsOnly: false, domainAlgo: 'hdr_beg(host)' } as const;

describe('time in proportion to the length is what takes', () => {
  test.each(
    Object.entries<(text: string) => unknown>({
      'a list': (text) => splitList(text),
      'a query': (text) => decodeQuery(text),
      'the name of a label': (text) =>
        nameIssues({ [text]: 'x' }, { service: 's', reader: 'proxy-configurator' }),
      'the limits of an expression': (text) => expressionProblem(text),
      'a service of the monitor': (text) =>
        parseMonitorLabels(
          canonicalMonitorParameters([
            ['serviceName', 's'],
            ['alertName', text],
            ['alertIf', text],
            ['alertLabels', text],
            ['alertAnnotations', text],
            [text, text],
          ]),
        ),
      'a service of the proxy': (text) =>
        parseProxyLabels(
          {
            serviceName: 's',
            port: '80',
            servicePath: text,
            users: text,
            setReqHeader: text,
            serviceDomain: text,
          },
          PROXY,
        ),
      'the files of Prometheus': (text) =>
        composeFiles({
          services: [
            {
              serviceName: 's',
              scrapePort: '80',
              metricsPath: text,
              alertName: text,
              alertIf: text,
              alertLabels: `a=${text}`,
              alertAnnotations: `a=${text}`,
            },
          ],
        }),
    }),
  )('%s', (_, read) => {
    for (const sample of SAMPLES) expect([sample, growth(read, sample) < MOST]).toEqual([sample, true]);
  });
});
