import type { Route } from '../conversion.js';
import { readRule, type Matcher } from './rule.js';

/** Routes that a rule asks for, as few as possible; or why there are none. */
export function routesOfRule(rule: string): readonly Route[] | string {
  const alternatives = readRule(rule);
  if (!alternatives) return 'the rule cannot be read, or says what a request must not have';
  const routes: Route[] = [];
  for (const matchers of alternatives) {
    const route = routeOf(matchers);
    if (typeof route === 'string') return route;
    routes.push(route);
  }
  return merged(merged(routes, 'serviceDomain'), 'servicePath');
}

function routeOf(matchers: readonly Matcher[]): Route | string {
  const route: Route = new Map();
  for (const matcher of matchers) {
    const said = labelOf(matcher);
    if (typeof said === 'string') return said;
    for (const [name, text] of said) {
      const before = route.get(name);
      const isSame = before === undefined || before === text;
      if (!isSame && name !== 'serviceHeader') return `the rule asks for two different ${name} at once`;
      route.set(name, isSame ? text : `${before},${text}`);
    }
  }
  return route;
}

function labelOf({ name, values }: Matcher): readonly (readonly [string, string])[] | string {
  const list = values.join(',');
  switch (name) {
    case 'host':
    case 'hostheader':
    case 'hostsni':
      return list === '*' ? [] : [['serviceDomain', list]];
    case 'hostregexp': {
      const domains = values.map(wildcardOf);
      return domains.includes(undefined)
        ? 'a domain by regular expression: com.df.serviceDomain with com.df.serviceDomainAlgo=hdr_reg(host)'
        : [['serviceDomain', domains.join(',')]];
    }
    case 'path':
      return isPlain(list)
        ? [
            ['servicePath', list],
            ['pathType', 'path'],
          ]
        : PATTERN_IN_PATH;
    case 'pathprefix':
      return isPlain(list) ? [['servicePath', list]] : PATTERN_IN_PATH;
    case 'pathregexp':
      return [
        ['servicePath', list],
        ['pathType', 'path_reg'],
      ];
    case 'header':
    case 'headers':
      return [['serviceHeader', values.join(':')]];
    case 'method':
      return [['allowedMethods', list]];
    case 'clientip':
      return [['allowFrom', list]];
    default:
      return `no label compares ${name}`;
  }
}

const PATTERN_IN_PATH = 'a pattern in a path: com.df.servicePath with com.df.pathType=path_reg';

/** `${VARIABLE}` is Docker's and stays. */
function isPlain(paths: string): boolean {
  return !/[{}]/.test(paths.replaceAll(/\$\{[^}]*\}/g, ''));
}

/** `{sub:[a-z]+}.acme.com` and `^.+\.acme\.com$` are every name below a domain. */
function wildcardOf(pattern: string): string | undefined {
  const [, old] = /^\{[^}]+\}\.([\w.-]+)$/.exec(pattern) ?? [];
  if (old !== undefined) return `*.${old}`;
  const [, domain] = /^\^(?:\.[+*]|\[[^\]]+\][+*]|\([^)]*\)[+*]?)\\+\.([\w\\.-]+?)\$*$/.exec(pattern) ?? [];
  return domain === undefined ? undefined : `*.${domain.replaceAll('\\', '')}`;
}

/** Routes that differ in one list alone become one. */
function merged(routes: readonly Route[], list: string): readonly Route[] {
  const byRest = new Map<string, Route>();
  for (const route of routes) {
    const key = JSON.stringify([route.has(list), [...route].filter(([name]) => name !== list).sort()]);
    const there = byRest.get(key);
    const own = route.get(list);
    if (!there) byRest.set(key, new Map(route));
    else if (own !== undefined) there.set(list, `${there.get(list) ?? ''},${own}`);
  }
  return [...byRest.values()];
}
