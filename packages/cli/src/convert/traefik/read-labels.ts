import type { WrittenLabel } from '../conversion.js';

/** One thing that labels describe piece by piece: a router, a service or a middleware. */
export interface Part {
  readonly kind: 'router' | 'service' | 'middleware';
  readonly protocol: 'http' | 'tcp';
  readonly name: string;
  /** By the rest of the label in small letters: `loadbalancer.server.port`. */
  readonly options: ReadonlyMap<string, WrittenLabel>;
}

export interface TraefikLabels {
  readonly parts: readonly Part[];
  /** `traefik.enable` */
  readonly isEnabled: boolean;
  /** What belongs to no part. */
  readonly others: readonly WrittenLabel[];
}

const KINDS: Readonly<Record<string, Part['kind']>> = {
  routers: 'router',
  services: 'service',
  middlewares: 'middleware',
};

/** Sorts labels by what they describe. Letter case does not count for Traefik. */
export function readTraefikLabels(labels: readonly WrittenLabel[]): TraefikLabels {
  const parts = new Map<string, Part & { readonly options: Map<string, WrittenLabel> }>();
  const others: WrittenLabel[] = [];
  let isEnabled = true;
  for (const label of labels) {
    const name = label.name.toLowerCase();
    const [, protocol, kinds = '', part, option] =
      /^traefik\.(http|tcp)\.(routers|services|middlewares)\.([^.]+)\.(.+)$/.exec(name) ?? [];
    const kind = KINDS[kinds];
    if (kind !== undefined && part !== undefined && option !== undefined) {
      const key = [protocol, kind, part].join(' ');
      const found = parts.get(key) ?? {
        kind,
        protocol: protocol === 'tcp' ? 'tcp' : 'http',
        name: part,
        options: new Map<string, WrittenLabel>(),
      };
      found.options.set(option, label);
      parts.set(key, found);
    } else if (name === 'traefik.enable') isEnabled = label.text !== 'false';
    // Whoever shares a network with the proxy is reached.
    else if (!/^traefik\.(?:docker|swarm)\.(?:network|lbswarm)$/.test(name)) others.push(label);
  }
  return { parts: [...parts.values()], isEnabled, others };
}

/** Whether a label is Traefik's. */
export function isTraefikLabel(name: string): boolean {
  return /^traefik\./i.test(name);
}
