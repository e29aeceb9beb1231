import type { DescribeAutoScalingGroupsCommandInput } from '@aws-sdk/client-auto-scaling';
import { UpstreamError } from '@docker-flow/daemon/errors';
import type { NodeBackend, NodeGroup, NodeRole } from '../ports.js';

export interface AwsOptions {
  readonly region: string;
  /** Names of the auto scaling groups. */
  readonly groups: Readonly<Record<NodeRole, string>>;
  readonly onError?: (call: string) => void;
  /** After which an attempt of a call is given up; the SDK makes three. */
  readonly timeoutMs?: number;
}

/**
 * Nodes as instances of AWS auto scaling groups. The SDK is loaded here and only here, so that a scaler
 * without node scaling does without it. Credentials and endpoint come from where the SDK looks for them.
 */
export async function createAwsBackend(options: AwsOptions): Promise<NodeBackend> {
  const { region, groups, onError, timeoutMs = 10_000 } = options;
  const sdk = await import('@aws-sdk/client-auto-scaling');
  // Without limits of ours an endpoint that does not answer would hold up the group's requests for ever.
  const client = new sdk.AutoScalingClient({
    region,
    requestHandler: {
      connectionTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    },
  });

  /** AWS may answer with an empty page and say that there are more. */
  async function findGroup(name: string) {
    let NextToken: string | undefined;
    do {
      const page = await describe({ AutoScalingGroupNames: [name], ...(NextToken ? { NextToken } : {}) });
      const group = page.AutoScalingGroups?.find(({ AutoScalingGroupName: one }) => one === name);
      if (group !== undefined) return group;
      ({ NextToken } = page);
    } while (NextToken);
    throw new UpstreamError(`Unable to find launch-configuration-name: ${name}`);
  }

  async function describe(input: DescribeAutoScalingGroupsCommandInput) {
    try {
      return await client.send(new sdk.DescribeAutoScalingGroupsCommand(input));
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
      const group = await findGroup(groups[role]);
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
