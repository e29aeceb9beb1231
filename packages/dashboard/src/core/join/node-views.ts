import type { Readings } from '../readings/readings.js';
import type { NodeView } from '../view/view.js';
import { serviceTasks } from './service-tasks.js';

/** Nodes by name, with the tasks whose addresses services tell. */
export function nodeViews({ listener }: Readings): readonly NodeView[] {
  if (listener === undefined) return [];
  const tasksOf = new Map<string, Record<string, number>>();
  for (const [service, { parameters }] of listener.services)
    for (const { nodeName } of serviceTasks(parameters)) {
      const tasks = tasksOf.get(nodeName) ?? {};
      tasks[service] = (tasks[service] ?? 0) + 1;
      tasksOf.set(nodeName, tasks);
    }
  return listener.nodes.map((node) => ({ ...node, tasks: tasksOf.get(node.hostname) ?? {} }));
}
