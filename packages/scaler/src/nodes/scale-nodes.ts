import type { SerialQueue } from '@docker-flow/daemon/concurrency/serial-queue';
import { AppError, messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { formatIssue, parseNodeScalerLabels } from '@docker-flow/labels';
import type { NodesConfig } from '../config/config.js';
import { changeCount, type CountChange } from '../core/scaling/count-change.js';
import { describeNodeChange } from '../core/node-text.js';
import { buildNodePolicy, type CountPolicy } from '../core/scaling/scale-policy.js';
import type { ScaleRequest } from '../core/scaling/scale-request.js';
import type { NodeBackend, NodeRole, Swarm } from '../ports.js';

export interface ScaleNodesOptions {
  readonly role: NodeRole;
  readonly request: ScaleRequest;
  /** The service whose labels give bounds and steps. */
  readonly service: string | undefined;
  readonly dryRun: boolean;
}

export interface ScaleNodesResult {
  readonly change: CountChange;
  readonly from: number;
  readonly to: number;
  readonly policy: CountPolicy;
  readonly message: string;
}

export interface ScaleNodesDeps {
  readonly swarm: Swarm;
  readonly backend: NodeBackend;
  /** One piece of work per role at a time. */
  readonly queue: SerialQueue;
  readonly config: NodesConfig;
  readonly logger: Logger;
}

/** The message is the answer. */
export class ScaleNodesError extends AppError {
  readonly code = 'scale_nodes_failed';
  readonly status = 500;
}

/** Reads the group, decides, and writes count and bounds. @throws {ScaleNodesError} */
export function scaleNodes(options: ScaleNodesOptions, deps: ScaleNodesDeps): Promise<ScaleNodesResult> {
  return deps.queue.run(`nodes of type ${options.role}`, async () => {
    try {
      return await scaleOnce(options, deps);
    } catch (error) {
      throw new ScaleNodesError(`node scaling failed: ${messageOf(error)}`, { cause: error });
    }
  });
}

async function scaleOnce(options: ScaleNodesOptions, deps: ScaleNodesDeps): Promise<ScaleNodesResult> {
  const { role, request, dryRun } = options;
  const { backend } = deps;
  const policy = await policyFor(options, deps);
  const group = await backend.readGroup(role);
  const change = changeCount(group.count, request, policy);
  const to = change.kind === 'change' ? change.to : group.count;
  const message = describeNodeChange(role, backend.name, group.count, change);
  const result = { change, from: group.count, to, policy };
  if (dryRun) return { ...result, message: `Dry run: ${message}` };
  const wanted = { count: to, min: policy.min.value, max: policy.max.value };
  const isRight = group.count === to && group.min === wanted.min && group.max === wanted.max;
  // A group that stands outside the bounds and stays there would be refused.
  const isPossible = wanted.min <= to && to <= wanted.max;
  if (!isRight && isPossible) await backend.setGroup(role, wanted);
  return { ...result, message };
}

async function policyFor({ role, service }: ScaleNodesOptions, deps: ScaleNodesDeps): Promise<CountPolicy> {
  const { labelNames, defaults } = deps.config.roles[role];
  if (service === undefined) return defaults;
  const { name, labels } = await deps.swarm.inspectService(service);
  const { value, issues } = parseNodeScalerLabels(name, labels, labelNames);
  for (const issue of issues) {
    deps.logger.warn('Label cannot be read, its default counts', {
      service: name,
      issue: formatIssue(issue),
    });
  }
  return buildNodePolicy(value, labelNames, defaults);
}
