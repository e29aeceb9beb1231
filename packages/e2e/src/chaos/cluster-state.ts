import { byText, type Parameters } from '@docker-flow/labels';
import type { EngineClient, EngineNode, EngineService, EngineTask } from '@docker-flow/testkit';

/** @throws {Error} unless the engine answers 200 */
export async function list<T>(engine: EngineClient, path: string): Promise<readonly T[]> {
  const answer = await engine.call('GET', path);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer.body as readonly T[];
}

/**
 * What every receiver has to hold, by name, worked out from the cluster alone: the labels, the name, the
 * replicas and where running tasks are.
 */
export async function wantedState(engine: EngineClient): Promise<ReadonlyMap<string, Parameters>> {
  const [services, tasks, nodes] = await Promise.all([
    list<EngineService>(engine, '/services'),
    list<EngineTask>(engine, '/tasks'),
    list<EngineNode>(engine, '/nodes'),
  ]);
  const hostnames = new Map(nodes.map((node) => [node.ID, node.Description.Hostname]));
  const result = new Map<string, Parameters>();
  for (const { ID: id, Spec: spec } of services) {
    const labels = spec.Labels ?? {};
    if (labels['com.df.notify'] !== 'true') continue;
    const sent = Object.entries(labels).flatMap(([label, value]) =>
      label.startsWith('com.df.') && label !== 'com.df.notify' ? [[label.slice(7), value] as const] : [],
    );
    const stack = `${labels['com.docker.stack.namespace'] ?? ''}_`;
    const cut = labels['com.df.shortName'] === 'true' && stack !== '_' && spec.Name.startsWith(stack);
    const serviceName = cut ? spec.Name.slice(stack.length) : spec.Name;
    const network = labels['com.df.scrapeNetwork'];
    const own = tasks.filter((task) => task.ServiceID === id);
    const nodeInfo = network === undefined ? undefined : nodeInfoOf(own, network, hostnames);
    result.set(serviceName, {
      distribute: 'true',
      ...Object.fromEntries(sent),
      serviceName,
      replicas: String(spec.Mode?.Replicated?.Replicas ?? 0),
      ...(nodeInfo === undefined ? {} : { nodeInfo }),
    });
  }
  return result;
}

function nodeInfoOf(
  tasks: readonly EngineTask[],
  network: string,
  hostnames: ReadonlyMap<string, string>,
): string | undefined {
  const entries = tasks.flatMap((task) => {
    if (task.DesiredState !== 'running' || task.Status.State !== 'running') return [];
    const attachment = task.NetworksAttachments?.find((one) => one.Network.Spec.Name === network);
    const address = attachment?.Addresses?.[0]?.split('/')[0];
    const id = task.NodeID ?? '';
    return address === undefined ? [] : [JSON.stringify([hostnames.get(id), address, id])];
  });
  return entries.length === 0 ? undefined : `[${entries.sort().join(',')}]`;
}

/** In words what is different; `undefined` when nothing is. */
export function difference(
  wanted: ReadonlyMap<string, Parameters>,
  held: ReadonlyMap<string, Parameters>,
): string | undefined {
  const text = (parameters: Parameters | undefined) =>
    parameters === undefined
      ? 'nothing'
      : JSON.stringify(Object.fromEntries(Object.entries(parameters).sort(byText(([name]) => name))));
  const names = [...new Set([...wanted.keys(), ...held.keys()])].sort();
  const found = names.filter((name) => text(wanted.get(name)) !== text(held.get(name)));
  const [first] = found;
  if (first === undefined) return undefined;
  return `${found.length} of ${names.length} differ, such as ${first}: wanted ${text(wanted.get(first))}, held ${text(held.get(first))}`;
}
