import { parse } from 'yaml';
import { formatIssue } from '@docker-flow/labels';
import { planOfLabels } from '@docker-flow/scaler/core/autoscaling/labels/plan-of-labels';
import type { MetricSource } from '@docker-flow/scaler/core/autoscaling/labels/metric-source';
import { completePolicy } from '@docker-flow/scaler/core/autoscaling/policy/complete-policy';
import { policyInput } from '@docker-flow/scaler/core/autoscaling/policy/policy-input';
import type { Policy } from '@docker-flow/scaler/core/autoscaling/policy/policy';
import { CannotRunError } from '../../exit-status.js';
import { readSourceFile } from '../../input/read-files.js';
import { readStacks } from '../../input/read-stacks.js';
import type { Io } from '../../io.js';
import { createScalingPlan, type ScalingPlan } from '../../programs/scaler.js';
import { readVariables } from '../../programs/variables.js';
import { serviceNamed } from '../service-named.js';
import { stackArguments } from '../stack-options.js';
import type { SimulateOptions } from './simulate-options.js';

/** The policy that is simulated. */
export type SimulatedPolicy =
  | {
      readonly kind: 'target';
      readonly policy: Policy;
      /** Where its numbers come from; empty for a policy of a file, whose metrics have names only. */
      readonly sources: readonly MetricSource[];
      /** `STACK_SERVICE` and the name in its file. */
      readonly names: readonly string[];
      /** What each task reserves, by metric, as far as the stack file says so. */
      readonly requests: Readonly<Record<string, number>>;
    }
  /** Labels without a target: alerts scale by steps. */
  | { readonly kind: 'steps'; readonly plan: ScalingPlan };

/** @throws {CannotRunError} saying what of it cannot be read */
export async function simulatedPolicy(
  files: readonly string[],
  options: SimulateOptions,
  io: Io,
): Promise<SimulatedPolicy> {
  const { policy: file, service: name } = options;
  if (file !== undefined) return policyOfFile(file, io);
  if (name === undefined)
    throw new CannotRunError('simulate: give --policy FILE, or stack files and --service NAME');
  const stacks = await readStacks(stackArguments(files, options), io);
  const all = stacks.flatMap((stack) =>
    stack.services.map((service) => ({ service, fullName: `${stack.name}_${service.name}` })),
  );
  const { service, fullName } = serviceNamed(all, name, (one) => one);
  const labels = Object.fromEntries(service.labels.map((label) => [label.name, label.value]));
  const variables = await readVariables(stacks, options.setting);
  const plan = createScalingPlan(variables.of.scaler)(fullName, labels);
  const read = planOfLabels(fullName, labels, plan);
  if (read.plan) {
    const { policy, sources } = read.plan;
    const requests = Object.fromEntries(
      policy.metrics.flatMap(({ name: metric, resource }): [string, number][] => {
        const amount = resource && service.reserved.get(resource);
        return amount === undefined ? [] : [[metric, amount]];
      }),
    );
    return { kind: 'target', policy, sources, names: [fullName, service.name], requests };
  }
  const [issue] = read.issues;
  if (issue) throw new CannotRunError(formatIssue(issue));
  return { kind: 'steps', plan };
}

async function policyOfFile(file: string, io: Io): Promise<SimulatedPolicy> {
  const { name, bytes } = await readSourceFile(file, io);
  const read = policyInput.safeParse(parseText(name, bytes.toString('utf8')));
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new CannotRunError(`${name}: ${problems.join('; ')}`);
  }
  const completed = completePolicy(read.data);
  if ('problems' in completed) {
    const problems = completed.problems.map(({ path, problem }) => `${path} ${problem}`);
    throw new CannotRunError(`${name}: ${problems.join('; ')}`);
  }
  return { kind: 'target', policy: completed.policy, sources: [], names: [], requests: {} };
}

/** JSON is YAML, too. */
function parseText(name: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new CannotRunError(
      `${name}: is neither JSON nor YAML: ${error instanceof Error ? error.message : ''}`,
    );
  }
}
