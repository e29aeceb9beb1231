import { expect, test } from '@jest/globals';
import { lostNames, nodesOutOfStep, stillLost, type NamesAtProxy } from './lost-names.js';

const oak = { service: 'oak', node: 3, address: '10.0.1.3', elsewhere: [] };
const elm = { service: 'elm', node: 2, address: '10.0.1.2', elsewhere: [] };

function at(proxyNode: number, found: Readonly<Record<string, readonly string[]>>): NamesAtProxy {
  return { proxyNode, found: new Map(Object.entries(found)) };
}

test('a name that leads to all tasks is not lost, nor is one that nobody was asked for', () => {
  expect(lostNames([oak, elm], [at(1, { oak: ['10.0.1.3', '10.0.1.9'] })])).toEqual([]);
});

test('a name that leads to a task on another network is not lost', () => {
  const proxy = { service: 'proxy', node: 1, address: '10.0.1.7', elsewhere: ['10.0.3.7'] };
  expect(lostNames([proxy], [at(1, { proxy: ['10.0.3.7'] })])).toEqual([]);
});

test('a task that no proxy finds is lost by its own node', () => {
  const views = [at(1, { oak: [], elm: ['10.0.1.2'] }), at(2, { oak: ['10.0.1.9'], elm: ['10.0.1.2'] })];
  const lost = lostNames([oak, elm], views);
  expect(lost).toEqual([
    { ...oak, proxyNode: 1 },
    { ...oak, proxyNode: 2 },
  ]);
  expect(nodesOutOfStep(lost, views)).toEqual([3]);
});

test('a task that one of two proxies finds is lost by the node of the other', () => {
  const views = [at(1, { oak: ['10.0.1.3'] }), at(2, { oak: [] })];
  expect(nodesOutOfStep(lostNames([oak], views), views)).toEqual([2]);
});

test('only what was lost before is lost for good', () => {
  const before = lostNames([oak], [at(1, { oak: [] })]);
  const now = lostNames([oak, elm], [at(1, { oak: [], elm: [] })]);
  expect(stillLost(before, now)).toEqual(before);
});
