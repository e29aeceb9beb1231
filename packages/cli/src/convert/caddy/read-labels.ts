import type { WrittenLabel } from '../conversion.js';

/** A directive of a Caddyfile as labels write it, with those inside of it. */
export interface Directive {
  readonly name: string;
  /** The label that says it; of several lines the first. */
  readonly label: string;
  readonly text: string;
  readonly inside: readonly Directive[];
}

interface Growing {
  readonly name: string;
  label: string;
  text: string;
  readonly inside: Map<string, Growing>;
}

/**
 * Reads labels as caddy-docker-proxy does: dots go into a block, `caddy_1` is another site, a number in front
 * (`caddy.0_handle`) only keeps two of one name apart.
 */
export function readCaddyLabels(labels: readonly WrittenLabel[]): readonly Directive[] {
  const sites = new Map<string, Growing>();
  for (const { name, text } of labels) {
    const [site = '', ...path] = name.split('.');
    let level = sites;
    let found = enter(level, site);
    for (const step of path) {
      level = found.inside;
      found = enter(level, step);
    }
    found.text = text;
    found.label = name;
  }
  return [...sites.values()].map(finished);
}

function enter(level: Map<string, Growing>, name: string): Growing {
  const there = level.get(name);
  if (there) return there;
  const made: Growing = { name, label: '', text: '', inside: new Map() };
  level.set(name, made);
  return made;
}

function finished({ name, label, text, inside }: Growing): Directive {
  const within = [...inside.values()].map(finished);
  return {
    name: name.replace(/^\d+_/, ''),
    label: label === '' ? (within[0]?.label ?? name) : label,
    text: text.trim(),
    inside: within,
  };
}

/** Whether a label is one of caddy-docker-proxy. */
export function isCaddyLabel(name: string): boolean {
  return /^caddy(?:_\d+)?(?:\.|$)|^caddy_ingress_network$/.test(name);
}
