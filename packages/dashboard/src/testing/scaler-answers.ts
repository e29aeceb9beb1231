import type { SimulatedDecision, SimulatedService, SimulatedState } from './simulated-service.js';

/** What the scaler would answer to a path; `undefined`: 404. */
export function scalerAnswer(
  path: string,
  { services, decisions, nodes }: SimulatedState,
  nowMs: number,
): unknown {
  if (path === '/v1/services')
    return { services: services.flatMap((service) => scalerService(service, nowMs)) };
  if (path === '/v1/counts')
    return {
      counts: Object.fromEntries(services.map(({ name, wanted, running }) => [name, { wanted, running }])),
    };
  if (path === '/v1/activities') return { activities: decisions.map(activity) };
  if (path === '/v1/replicas')
    return {
      replicas: Object.fromEntries(
        services.flatMap(({ name, bounds, wanted, running }) =>
          bounds === undefined ? [] : [[name, replicaPoints(bounds[0], wanted, running, nowMs)]],
        ),
      ),
    };
  const asked = services.find(({ name }) => path === `/v1/services/${encodeURIComponent(name)}`);
  return asked && { id: `id-${asked.name}`, name: asked.name, tasks: tasksOf(asked, nodes, nowMs) };
}

/** Those that are too many for the nodes wait. */
function tasksOf(
  { running, wanted }: SimulatedService,
  nodes: SimulatedState['nodes'],
  nowMs: number,
): readonly unknown[] {
  const since = new Date(nowMs - 600_000).toISOString();
  return Array.from({ length: Math.max(running, wanted) }, (_, i) =>
    i < running
      ? {
          id: `task-${i}`,
          slot: i + 1,
          node: nodes[i % Math.max(1, nodes.length)]?.hostname ?? 'node',
          state: 'running',
          desiredState: 'running',
          since,
        }
      : {
          id: `task-${i}`,
          slot: i + 1,
          state: 'pending',
          desiredState: 'running',
          error: 'no suitable node (insufficient resources on 2 nodes)',
          since,
        },
  );
}

function targetOf({ target: scaled, wanted, bounds = [1, 1] }: SimulatedService, nowMs: number) {
  if (scaled === undefined) return {};
  const { on, target, value } = scaled;
  const [min, max] = bounds;
  const at = new Date(Math.floor(nowMs / 600_000) * 600_000).toISOString();
  const condition = (type: string, status: boolean, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    since: at,
  });
  return {
    target: {
      metrics: [{ metric: 'm1', on, type: 'averageValue', target, value: value * wanted, proposal: wanted }],
      min,
      max,
      windowSeconds: { up: 0, down: 300 },
      reason: 'scaled',
      explanation: `${on} is ${value} each, the target is ${target}`,
      desired: wanted,
      conditions: [
        condition('AbleToScale', true, 'ReadyForNewScale', 'the count can be written'),
        condition('ScalingActive', true, 'ValidMetricFound', 'all metrics could be read'),
        condition('ScalingLimited', false, 'DesiredWithinRange', 'the count is what the metrics ask for'),
        condition('Fallback', false, 'NoFallback', 'metrics decide'),
      ],
      lastLook: new Date(Math.floor(nowMs / 5_000) * 5_000).toISOString(),
    },
  };
}

function scalerService(service: SimulatedService, nowMs: number) {
  const { name, stack, wanted, running, bounds, isPaused = false } = service;
  if (bounds === undefined) return [];
  return [
    {
      id: `id-${name}`,
      name,
      stack,
      replicas: { wanted, running },
      min: { value: bounds[0], from: 'label com.df.scaleMin' },
      max: { value: bounds[1], from: 'label com.df.scaleMax' },
      upBy: { value: '1', from: 'DEFAULT_SCALE_SERVICE_UP_BY' },
      downBy: { value: '1', from: 'DEFAULT_SCALE_SERVICE_DOWN_BY' },
      cooldownSeconds: { up: { value: 0, from: '' }, down: { value: 60, from: '' } },
      cooldownRemainingSeconds: { up: 0, down: 0 },
      paused: isPaused,
      restore: true,
      stopped: false,
      issues: [],
      ...targetOf(service, nowMs),
    },
  ];
}

function activity(decision: SimulatedDecision, i: number) {
  return { ...decision, id: `decision-${i}`, lastAtMs: decision.atMs, times: 1, at: '', lastAt: '' };
}

function replicaPoints(min: number, wanted: number, running: number, nowMs: number) {
  const at = (agoMinutes: number) => nowMs - agoMinutes * 60_000;
  return [
    { atMs: at(1_300), wanted: min, running: min },
    { atMs: at(23), wanted: min, running: min },
    { atMs: at(22.9), wanted: Math.min(min + 1, wanted), running: min },
    { atMs: at(22), wanted: Math.min(min + 1, wanted), running: Math.min(min + 1, wanted) },
    { atMs: at(12), wanted, running: Math.min(min + 1, wanted) },
    { atMs: at(11), wanted, running },
  ];
}
