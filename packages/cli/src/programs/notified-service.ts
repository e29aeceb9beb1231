import type { Parameters as Notification } from '@docker-flow/labels';
import { isOfInterest } from '@docker-flow/swarm-listener/core/services/interest';
import {
  createParameters,
  type NamingRules,
} from '@docker-flow/swarm-listener/core/services/service-parameters';
import type { Stack, StackService } from '../stack/stack.js';

/** A service of a stack and what the listener makes of it. */
export interface NotifiedService {
  readonly stack: Stack;
  readonly service: StackService;
  /** `STACK_SERVICE`, as in Swarm. */
  readonly fullName: string;
  /** Whether receivers hear of it. */
  readonly isNotified: boolean;
  /** What they hear, or would. */
  readonly parameters: Notification;
  /** All labels by full name. */
  readonly labels: Readonly<Record<string, string>>;
}

type SwarmService = Parameters<typeof createParameters>[0];

/** Every service of the stacks, in the order of the files. */
export function notifiedServices(stacks: readonly Stack[], rules: NamingRules): readonly NotifiedService[] {
  return stacks.flatMap((stack) =>
    stack.services.map((service) => {
      const swarm = swarmService(stack, service);
      return {
        stack,
        service,
        fullName: swarm.name,
        isNotified: isOfInterest(swarm.labels, rules.notify),
        parameters: createParameters(swarm, rules, undefined),
        labels: swarm.labels,
      };
    }),
  );
}

/** The service as Docker would describe it after a deployment. */
function swarmService(stack: Stack, service: StackService): SwarmService {
  const { name, labels, mode, replicas } = service;
  return {
    name: `${stack.name}_${name}`,
    labels: Object.fromEntries(labels.map((one) => [one.name, one.value])),
    stack: stack.name,
    mode: mode === 'replicated' || mode === 'global' ? mode : 'other',
    replicas: mode === 'replicated' ? Number(replicas?.value ?? 1) || 0 : 0,
  };
}
