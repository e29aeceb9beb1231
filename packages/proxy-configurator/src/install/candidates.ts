import type {
  Rejection,
  ServiceVersion,
  Verdict,
  Verdicts,
  Versions,
  WantedServices,
} from '../core/model/service-version.js';

/** The versions that one run tries to make live. One that is rejected gives way to the version that runs. */
export interface Candidates {
  /** By name, as rejections have left them so far. */
  readonly versions: Versions;
  /** Services that wait for an address, as far as HAProxy takes their backends. */
  readonly awaited: Versions;
  /** Whether the service was asked for, whatever has become of it. */
  isAsked(name: string): boolean;
  /** Whether this version of the service runs already. */
  isLive(name: string, version: ServiceVersion): boolean;
  /** Versions that do not run yet. */
  fresh(): Versions;
  /** All services with the fresh versions of these only; others are as they run, or not at all. */
  withFresh(names: ReadonlySet<string>): Versions;
  reject(name: string, rejection: Rejection): void;
  /** Goes on without the backends of services that wait for an address. */
  leaveOut(names: Iterable<string>): void;
  /** Takes back what was rejected for its entry port, which others may have lost since. */
  readmit(): void;
  /** What became of each. */
  verdicts(): Verdicts;
}

export function createCandidates({ candidates: services, awaited: waiting }: WantedServices): Candidates {
  const awaited = new Map(waiting);
  const versions = new Map([...services].map(([name, { wanted }]) => [name, wanted]));
  const rejections = new Map<string, Rejection>();
  /** Never taken again, whatever becomes of others. */
  const refused = new Set<ServiceVersion>();
  const isLive = (name: string, version: ServiceVersion) => services.get(name)?.live === version;
  return {
    versions,
    awaited,
    isAsked: (name) => services.has(name) || waiting.has(name),
    leaveOut(names) {
      for (const name of names) awaited.delete(name);
    },
    isLive,
    fresh: () => new Map([...versions].filter(([name, version]) => !isLive(name, version))),
    withFresh: (names) =>
      new Map(
        [...versions].flatMap(([name, version]) => {
          const chosen = names.has(name) ? version : services.get(name)?.live;
          return chosen ? [[name, chosen] as const] : [];
        }),
      ),
    reject(name, rejection) {
      const older = services.get(name)?.live;
      const version = versions.get(name);
      if (version && rejection.kind !== 'port') refused.add(version);
      if (older && older !== version && !refused.has(older)) versions.set(name, older);
      else versions.delete(name);
      // A version that has to give way as well does so for a reason of its own; the caller asked for the first.
      if (!rejections.has(name)) rejections.set(name, rejection);
    },
    readmit() {
      for (const [name, { kind }] of rejections) {
        const wanted = services.get(name)?.wanted;
        if (kind !== 'port' || !wanted || refused.has(wanted)) continue;
        rejections.delete(name);
        versions.set(name, wanted);
      }
    },
    verdicts: () =>
      new Map(
        [...services].map(([name, { wanted }]): [string, Verdict] => [
          name,
          { wanted, live: versions.get(name), rejection: rejections.get(name) },
        ]),
      ),
  };
}
