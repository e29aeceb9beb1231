import { expect, test } from '@jest/globals';
import { CORE_SCHEMA, load } from 'js-yaml';
import { composeFiles } from '../../testing/world.js';
import { renderConfig, renderFiles, sameFiles } from './render.js';

const services = ['b', 'a'].map((serviceName) => ({
  serviceName,
  scrapePort: '80',
  alertName: 'x',
  alertIf: '{a="b"} > 1',
  alertAnnotations: 'summary=one: two\nthree # four',
  nodeInfo: '[["n","10.0.0.1","id"]]',
}));

test('the same state gives the same bytes, whatever its order', () => {
  const one = composeFiles({ services }).rendered;
  const other = composeFiles({ services: [...services].reverse() }).rendered;
  expect(other).toEqual(one);
  expect(sameFiles(one, other)).toBe(true);
});

test('a change of any file is a difference', () => {
  const { rendered } = composeFiles({ services });
  expect(sameFiles(rendered, { ...rendered, config: '{}\n' })).toBe(false);
  expect(sameFiles(rendered, { ...rendered, rules: undefined })).toBe(false);
  expect(sameFiles(rendered, { ...rendered, targets: new Map() })).toBe(false);
  const moved = new Map([...rendered.targets].map(([service, text]) => [service, `${text} `]));
  expect(sameFiles(rendered, { ...rendered, targets: moved })).toBe(false);
});

test('what is written reads back as what was meant', () => {
  const { files } = composeFiles({ services, environment: { REMOTE_WRITE_1__URL: 'http://w' } });
  const { config, rules } = renderFiles(files);
  expect(load(config, { schema: CORE_SCHEMA })).toEqual(JSON.parse(JSON.stringify(files.config)));
  expect(load(rules ?? '', { schema: CORE_SCHEMA })).toEqual(JSON.parse(JSON.stringify(files.rules)));
});

test('a configuration without any section is an empty mapping, not an empty file', () =>
  expect(renderConfig({})).toBe('{}\n'));
