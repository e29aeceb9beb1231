import { startNeighbour, type Neighbour } from './http-neighbour.fake.js';

export interface FakeGroup {
  readonly name: string;
  desired: number;
  min: number;
  max: number;
}

export interface FakeAutoScaling extends Neighbour {
  readonly groups: FakeGroup[];
  /** Parameters of the UpdateAutoScalingGroup calls. */
  readonly updates: Readonly<Record<string, string>>[];
  /** Actions that are refused from now on. */
  readonly refused: Set<string>;
  /** Empty pages that come before the one with the groups. */
  emptyPages: number;
  /** No call is answered any more. */
  isSilent: boolean;
}

const NAMESPACE = 'http://autoscaling.amazonaws.com/doc/2011-01-01/';

/** AWS Auto Scaling in its real protocol: signed form posts with `Action`, answered in XML, errors included. */
export async function startFakeAutoScaling(groups: FakeGroup[]): Promise<FakeAutoScaling> {
  const updates: Readonly<Record<string, string>>[] = [];
  const refused = new Set<string>();

  const behaviour = { emptyPages: 0, isSilent: false };

  const neighbour = await startNeighbour(({ body, headers }) => {
    if (behaviour.isSilent) return { status: 200, delayMs: 600_000 };
    const form = Object.fromEntries(new URLSearchParams(body));
    const { Action: action = '', ...rest } = form;
    const parameters = Object.fromEntries(Object.entries(rest).filter(([name]) => name !== 'Version'));
    if (!String(headers['authorization'] ?? '').startsWith('AWS4-HMAC-SHA256 ')) {
      return error(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
    }
    if (refused.has(action)) return error(403, 'AccessDenied', 'not allowed');
    if (action === 'DescribeAutoScalingGroups') {
      const page = Number(parameters['NextToken'] ?? 0);
      return page < behaviour.emptyPages
        ? result(action, `<AutoScalingGroups/><NextToken>${page + 1}</NextToken>`)
        : describe(parameters, groups);
    }
    if (action !== 'UpdateAutoScalingGroup')
      return error(400, 'InvalidAction', `The action ${action} is not valid`);
    updates.push(parameters);
    return update(parameters, groups);
  });
  return Object.assign(behaviour, neighbour, { groups, updates, refused });
}

function describe(parameters: Readonly<Record<string, string>>, groups: readonly FakeGroup[]) {
  const wanted = Object.keys(parameters)
    .filter((key) => key.startsWith('AutoScalingGroupNames.member.'))
    .map((key) => parameters[key]);
  const members = groups
    .filter(({ name }) => wanted.length === 0 || wanted.includes(name))
    .map(
      ({ name, desired, min, max }) =>
        `<member><AutoScalingGroupName>${name}</AutoScalingGroupName><DesiredCapacity>${desired}</DesiredCapacity><MinSize>${min}</MinSize><MaxSize>${max}</MaxSize><DefaultCooldown>300</DefaultCooldown><HealthCheckType>EC2</HealthCheckType><CreatedTime>2018-01-02T03:04:05Z</CreatedTime></member>`,
    );
  return result('DescribeAutoScalingGroups', `<AutoScalingGroups>${members.join('')}</AutoScalingGroups>`);
}

function update(parameters: Readonly<Record<string, string>>, groups: readonly FakeGroup[]) {
  const group = groups.find(({ name }) => name === parameters['AutoScalingGroupName']);
  if (group === undefined) return error(400, 'ValidationError', 'AutoScalingGroup name not found');
  const [desired, min, max] = ['DesiredCapacity', 'MinSize', 'MaxSize'].map((key) => Number(parameters[key]));
  if (desired === undefined || min === undefined || max === undefined || desired < min || desired > max) {
    return error(400, 'ValidationError', 'Desired capacity must be between the specified min and max size');
  }
  Object.assign(group, { desired, min, max });
  return result('UpdateAutoScalingGroup', '');
}

function result(action: string, content: string) {
  return {
    status: 200,
    body: `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${content}</${action}Result><ResponseMetadata><RequestId>fake</RequestId></ResponseMetadata></${action}Response>`,
  };
}

function error(status: number, code: string, message: string) {
  return {
    status,
    body: `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>fake</RequestId></ErrorResponse>`,
  };
}
