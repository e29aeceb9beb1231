import { expect, test } from '@jest/globals';
import { isConditional, markShadowed } from './shadowed-routes.js';

function service(name: string, places: readonly string[], conditional = false) {
  const routes = places.map((place) => {
    const [domain = '', ...path] = place.split('/');
    const common = {
      id: `${name}${place}`,
      service: name,
      mode: 'http',
      target: name,
      backend: name,
      locked: false,
    };
    return { ...common, domain, path: path.length === 0 ? '' : `/${path.join('/')}` };
  });
  return { aclName: name, isConditional: conditional, routes };
}

const shadowed = (...services: readonly ReturnType<typeof service>[]) =>
  markShadowed(services).flatMap(({ id, shadowedBy }) =>
    shadowedBy === undefined ? [] : [[id, shadowedBy]],
  );

test('of two equal routes the one with the smaller name is tried first, whatever the order of arrival', () => {
  expect(shadowed(service('b', ['/demo']), service('a', ['/demo']))).toEqual([['b/demo', 'a']]);
});

test('a longer path loses to a shorter one that is tried before', () => {
  expect(shadowed(service('a', ['/demo']), service('b', ['/demo/api']))).toEqual([['b/demo/api', 'a']]);
  expect(shadowed(service('b', ['/demo']), service('a', ['/demo/api']))).toEqual([]);
});

test('the path / comes last and shadows nothing', () => {
  expect(shadowed(service('a', ['/']), service('b', ['/demo']))).toEqual([]);
});

test('another domain is another place, no domain is every domain', () => {
  expect(shadowed(service('a', ['x.org/demo']), service('b', ['y.org/demo']))).toEqual([]);
  expect(shadowed(service('a', ['/demo']), service('b', ['y.org/demo']))).toEqual([['by.org/demo', 'a']]);
});

test('who takes only some of the requests shadows nobody for sure', () => {
  expect(shadowed(service('a', ['/demo'], true), service('b', ['/demo']))).toEqual([]);
  expect(isConditional({ 'pathType.1': 'path' })).toBe(true);
  expect(isConditional({ servicePath: '/', port: '80' })).toBe(false);
});
