import { UpstreamError } from '@docker-flow/daemon';
import type { NodeBackend, NodeGroup, NodeRole } from '../ports.js';

export interface AwsOptions {
  readonly region: string;
  /** Names of the auto scaling groups. */
  readonly groups: Readonly<Record<NodeRole, string>>;
  readonly onError?: (call: string) => void;
}

/**
 * Nodes as instances of AWS auto scaling groups. The SDK is loaded here and only here, so that a scaler
 * without node scaling does without it. Credentials and endpoint come from where the SDK looks for them.
 */
export async function createAwsBackend({ region, groups, onError }: AwsOptions): Promise<NodeBackend> {
  const sdk = await import('@aws-sdk/client-auto-scaling');
  const client = new sdk.AutoScalingClient({ region });

  async function describe(name: string) {
    try {
      return await client.send(new sdk.DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
    } catch (error) {
      onError?.('DescribeAutoScalingGroups');
      throw new UpstreamError(`Unable to describe-auto-scaling-groups: ${describeAwsError(error)}`, {
        cause: error,
      });
    }
  }

  return {
    name: 'aws',
    async readGroup(role) {
      const name = groups[role];
      const answer = await describe(name);
      const group = answer.AutoScalingGroups?.find(({ AutoScalingGroupName: one }) => one === name);
      if (group === undefined) throw new UpstreamError(`Unable to find launch-configuration-name: ${name}`);
      const { DesiredCapacity: count, MinSize: min = NaN, MaxSize: max = NaN } = group;
      if (count === undefined) throw new UpstreamError('DesiredCapacity not set on aws');
      if (count < 0) throw new UpstreamError('Current capacity is less than zero');
      return { count, min, max };
    },
    async setGroup(role: NodeRole, { count, min, max }: NodeGroup) {
      const input = {
        AutoScalingGroupName: groups[role],
        DesiredCapacity: count,
        MinSize: min,
        MaxSize: max,
      };
      try {
        await client.send(new sdk.UpdateAutoScalingGroupCommand(input));
      } catch (error) {
        onError?.('UpdateAutoScalingGroup');
        throw new UpstreamError(
          `Error calling update-auto-scaling-group with desired-capacity: ${count}: ${describeAwsError(error)}`,
          { cause: error },
        );
      }
    },
  };
}

/** `AccessDenied: not allowed (status code 403)`. */
function describeAwsError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return `${error.name}: ${error.message}${status === undefined ? '' : ` (status code ${status})`}`;
}
