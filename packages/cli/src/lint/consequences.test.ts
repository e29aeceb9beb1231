import { describe, expect, test } from '@jest/globals';
import { lintText } from '../testing/lint-text.js';
import { stackOf } from '../testing/run-command.js';

const ROUTE = ['com.df.servicePath=/a', 'com.df.port=80'];

describe('one mistake is one finding:', () => {
  test.each([
    [['com.df.scaleMin=8', 'com.df.scaleMax=${M}'], ['DF507 com.df.scaleMax']],
    [['com.df.servicePath=${P}', 'com.df.port=80'], ['DF507 com.df.servicePath']],
    [
      [...ROUTE, 'com.df.compressionAlgo=brotli', 'com.df.compressionType=text/html'],
      ['DF101 com.df.compressionAlgo'],
    ],
    [[...ROUTE, 'com.df.cookieSameSite=Sometimes'], ['DF101 com.df.cookieSameSite']],
    [[...ROUTE, 'com.df.authUrl=${A}', 'com.df.authTimeout=5'], ['DF507 com.df.authUrl']],
    [
      ['com.df.alertName=slow', 'com.df.alertIf=@resp_time_above:0.1,5m,0.9', 'com.df.scrapePort=${P}'],
      ['DF507 com.df.scrapePort'],
    ],
  ])('%j', async (labels, expected) => {
    expect(await lintText(stackOf({ web: labels }, { web: 'replicas: 8' }))).toEqual(expected);
  });

  test('a label that stands beside image is not missed under deploy', async () => {
    const stack = stackOf({ web: ['com.df.port=80'] }).replace(
      '    networks:',
      '    labels: [com.df.servicePath=/a]\n    networks:',
    );
    expect(await lintText(stack)).toEqual(['DF501 com.df.servicePath']);
  });
});

describe('two mistakes are two findings:', () => {
  test.each([
    [
      [...ROUTE, 'com.df.serviceDomain=${D}', 'com.df.discoveryType=dns'],
      ['DF104 com.df.discoveryType', 'DF507 com.df.serviceDomain'],
    ],
    [
      ['com.df.servicePath.1=/a', 'com.df.port.1=${P}', 'com.df.servicePath.2=/b'],
      ['DF202 com.df.servicePath.2', 'DF507 com.df.port.1'],
    ],
  ])('%j', async (labels, expected) => {
    expect(await lintText(stackOf({ web: labels }))).toEqual(expected);
  });
});

describe('routes that nobody can know are not compared:', () => {
  test.each([
    ['a domain without its variable', 'com.df.serviceDomain=${A}', 'DF507 com.df.serviceDomain'],
    ['an entry port that cannot be read', 'com.df.srcPort=eighty', 'DF101 com.df.srcPort'],
  ])('%s', async (_, label, finding) => {
    expect(await lintText(stackOf({ one: [...ROUTE, label], two: ROUTE }))).toEqual([finding]);
  });

  test('with what can be known they are', async () => {
    expect(await lintText(stackOf({ one: ROUTE, two: ROUTE }))).toEqual(['DF208 com.df.servicePath']);
  });
});
