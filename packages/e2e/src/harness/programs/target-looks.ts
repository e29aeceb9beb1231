import type { DockerCli } from '../swarm/docker-cli.js';
import { wantedReplicas } from '../swarm/stack.js';
import { until } from '../until.js';
import type { ScalerProcess } from './scaler-process.js';

interface ShownTarget {
  readonly reason: string;
  readonly explanation: string;
  readonly lastLook: string;
  readonly conditions: readonly { readonly reason: string; readonly status: boolean }[];
}

/** What the scaler shows of a service that it scales on targets, waited for. */
export interface TargetLooks {
  /** Waits until the count in the spec is so; answers it. */
  becomes(what: string, isSo: (replicas: number) => boolean): Promise<number>;
  /** Waits until a condition has this reason. */
  reasonIs(reason: string): Promise<void>;
  /** Waits until the scaler says that it has put the count back, at this time or later. */
  restoredSince(atMs: number): Promise<void>;
  /** Waits for so many looks more. */
  looks(count: number): Promise<void>;
  /** The steps that the scaler has taken, oldest first. */
  steps(): Promise<readonly { readonly from: number; readonly to: number; readonly atMs: number }[]>;
}

export function targetLooks(docker: DockerCli, scaler: () => ScalerProcess, service: string): TargetLooks {
  async function shown(): Promise<ShownTarget> {
    const answer = await fetch(`${scaler().url}/v1/services`);
    const { services } = (await answer.json()) as {
      services: readonly { readonly name: string; readonly target?: ShownTarget }[];
    };
    const target = services.find(({ name }) => name === service)?.target;
    if (!target) throw new Error(`${service} is not scaled on a target`);
    return target;
  }
  return {
    becomes: (what, isSo) =>
      until(what, async () => {
        const replicas = await wantedReplicas(docker, service);
        if (isSo(replicas)) return { done: replicas };
        const { reason, explanation } = await shown();
        return { notYet: `${replicas} replicas, ${reason}: ${explanation}` };
      }),
    reasonIs: (reason) =>
      until(`${service}: ${reason}`, async () => {
        const { conditions } = await shown();
        return conditions.some((one) => one.reason === reason)
          ? { done: undefined }
          : { notYet: conditions.map((one) => one.reason).join() };
      }),
    restoredSince: (sinceMs) =>
      until(`${service}: a deploy is undone`, async () => {
        const own = (await scaler().activities()).filter((one) => one.service === service);
        // Under load others follow at once: the target asks for more than the maximum.
        return own.some(({ outcome, lastAtMs }) => outcome === 'restored' && lastAtMs >= sinceMs)
          ? { done: undefined }
          : { notYet: JSON.stringify(own[0]) };
      }),
    async looks(count) {
      const seen = new Set<string>();
      await until(`${count} looks at ${service}`, async () => {
        seen.add((await shown()).lastLook);
        return seen.size > count ? { done: undefined } : { notYet: `${seen.size}` };
      });
    },
    async steps() {
      const all = (await scaler().activities()).filter((one) => one.service === service);
      return all
        .filter(({ outcome }) => outcome === 'scaled')
        .map(({ from = 0, to = 0, atMs }) => ({ from, to, atMs }))
        .sort((a, b) => a.atMs - b.atMs);
    },
  };
}
