import { createSemaphore } from '@docker-flow/daemon/concurrency/semaphore';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { isAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { NameResolver } from '@docker-flow/daemon/net/name-resolver';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { isAddress } from '../../core/backends/servers.js';
import { tasksName, type Addresses, type RoutedService } from '../../core/model/routed-service.js';
import { describeFailure, type Attempt, type Target } from '../../core/reachability/describe-failure.js';
import { targetsOf } from '../../core/reachability/targets.js';

/** Whether the servers of a backend take connections; absent: not looked at yet. */
export interface Reach {
  readonly problem: string | undefined;
}

/** What the proxy knows of the servers behind its routes. */
export interface Reachability extends Actor {
  of(backend: string): Reach | undefined;
  /** Backends whose servers cannot be reached, with the service. */
  problems(): readonly { readonly service: string; readonly backend: string }[];
}

export interface ReachabilityDeps {
  readonly services: () => readonly RoutedService[];
  /** Whether services are being put in place, which others wait for. */
  readonly isBusy: () => boolean;
  readonly addresses: Addresses;
  readonly resolver: NameResolver;
  readonly connect: (address: string, port: number, timeoutMs: number) => Promise<Attempt>;
  readonly logger: Logger;
}

export interface ReachabilityOptions {
  /** How often changes are looked for. */
  readonly lookEveryMs: number;
  /** The longest time without a look, however busy the program is. */
  readonly lookWithinMs: number;
  /** Pause after a look that found servers that answer. */
  readonly goodMs: number;
  /** The same after one that found none. */
  readonly badMs: number;
  readonly timeoutMs: number;
}

interface Known {
  /** Changes with what is connected to. */
  readonly key: string;
  nextMs: number;
  reach: Reach | undefined;
  /** Looks in a row that found nobody. */
  failures: number;
}

const CONCURRENT = 20;
/** Of thousands that nobody answers at, a look takes so many: a connection costs half a millisecond of processor time. */
const LOOKED_AT_ONCE = 100;
/** A service has many tasks; a few tell enough. */
const TRIED = 3;
/** A container that is announced may need a moment until it listens. */
const TOLD_AFTER = 3;

/**
 * Connects to the servers of each live destination: once it is live or leads elsewhere, and now and then. HAProxy itself
 * looks only at servers with a check, and then does not say what would mend it.
 */
export function createReachability(deps: ReachabilityDeps, options: ReachabilityOptions): Reachability {
  const { logger } = deps;
  const known = new Map<string, Known & { readonly target: Target }>();
  const tries = createSemaphore(CONCURRENT);
  let lookedAt: { readonly services: readonly RoutedService[]; readonly targets: readonly Target[] } = {
    services: [],
    targets: [],
  };

  function addressesOf(host: string): readonly string[] {
    return isAddress(host) ? [host] : (deps.addresses.get(host) ?? []);
  }

  async function attempt(addresses: readonly string[], port: number): Promise<ReadonlyMap<string, Attempt>> {
    const chosen = addresses.slice(0, TRIED);
    return new Map(
      await Promise.all(
        chosen.map(async (one) => [one, await deps.connect(one, port, options.timeoutMs)] as const),
      ),
    );
  }

  async function look(target: Target): Promise<string | undefined> {
    const { host, port } = target;
    const addresses = addressesOf(host);
    const attempts = await attempt(addresses, port);
    const none: ReadonlyMap<string, Attempt> = new Map();
    const first = describeFailure(target, { attempts, tasks: none });
    if (first === undefined || addresses.length === 0 || isAddress(host) || host.startsWith('tasks.'))
      return first;
    const tasks = (await deps.resolver.lookup(tasksName(host))).filter((one) => !addresses.includes(one));
    return describeFailure(target, { attempts, tasks: await attempt(tasks, port) });
  }

  async function refresh(one: Known & { readonly target: Target }): Promise<void> {
    const problem = await look(one.target);
    // Meanwhile it may lead elsewhere, or be gone.
    if (known.get(one.target.backend) !== one) return;
    const { service, backend } = one.target;
    const wasTold = one.failures >= TOLD_AFTER;
    one.failures = problem === undefined ? 0 : one.failures + 1;
    one.reach = { problem };
    one.nextMs = performance.now() + (problem === undefined ? options.goodMs : options.badMs);
    if (one.failures === TOLD_AFTER)
      logger.warn('Servers cannot be reached', { service, backend, reason: problem });
    if (problem === undefined && wasTold) logger.info('Servers can be reached again', { service, backend });
  }

  /** Found anew when services have changed: it takes as long as there are many. */
  function targetsNow(): readonly Target[] {
    const services = deps.services();
    const isSame =
      services.length === lookedAt.services.length &&
      services.every((one, i) => one === lookedAt.services[i]);
    if (!isSame) lookedAt = { services, targets: targetsOf(services) };
    return lookedAt.targets;
  }

  async function lookAtSome(): Promise<void> {
    const targets = targetsNow();
    const inUse = new Set(targets.map(({ backend }) => backend));
    for (const backend of known.keys()) if (!inUse.has(backend)) known.delete(backend);
    for (const target of targets) {
      const key = `${target.host}:${target.port} ${addressesOf(target.host).join(' ')}`;
      if (known.get(target.backend)?.key === key) continue;
      known.set(target.backend, { target, key, nextMs: 0, reach: undefined, failures: 0 });
    }
    const now = performance.now();
    const due = [...known.values()].filter(({ nextMs }) => nextMs <= now);
    // Who has waited longest comes first, and before all others who was never looked at.
    const next = due.length > LOOKED_AT_ONCE ? due.sort((a, b) => a.nextMs - b.nextMs) : due;
    await Promise.all(next.slice(0, LOOKED_AT_ONCE).map((one) => tries.run(() => refresh(one))));
  }

  return {
    name: 'reachability',
    of: (backend) => known.get(backend)?.reach,
    problems: () =>
      [...known.values()].flatMap(({ target: { service, backend }, reach }) =>
        reach?.problem === undefined ? [] : [{ service, backend }],
      ),
    async run(signal) {
      let lookedMs = performance.now();
      while (!isAborted(signal)) {
        await sleep(options.lookEveryMs, signal);
        // Looking costs processor time that those who wait for their services would miss.
        const mayWait = deps.isBusy() && performance.now() - lookedMs < options.lookWithinMs;
        if (mayWait || isAborted(signal)) continue;
        await lookAtSome();
        lookedMs = performance.now();
      }
    },
  };
}
