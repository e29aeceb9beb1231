import { createAutoResetEvent } from '@docker-flow/daemon/concurrency/auto-reset-event';
import { systemClock } from '@docker-flow/daemon/concurrency/clock';
import { isAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { compareNodes, inspectNode, type NodeObserverDeps } from './observe-nodes.js';
import { createResyncLoop, type ResyncLoop, type ResyncLoopDeps } from './resync-loop.js';

export type NodeWatcherDeps = NodeObserverDeps & Omit<ResyncLoopDeps, 'compare' | 'inspect' | 'isRelevant'>;

type ResendCause = Parameters<NodeObserverDeps['onTasksMoved']>[0];

export interface NodeWatcherOptions {
  readonly pollingMs: number;
  readonly resyncMs: number;
}

export type NodeWatcher = Actor & Pick<ResyncLoop, 'hasSynced'>;

const MAX_INSPECTIONS = 4;
/** Node changes within this time cause one resending of services, not one each. */
const GATHER_MS = 500;

/** Everything that makes us look at nodes: events, comparisons, polls. */
export function createNodeWatcher(
  deps: NodeWatcherDeps,
  { pollingMs, resyncMs }: NodeWatcherOptions,
): NodeWatcher {
  const { clock = systemClock } = deps;
  const moved = createAutoResetEvent(clock);
  let movedCause: ResendCause | undefined;
  const observing: NodeObserverDeps = {
    ...deps,
    onTasksMoved(cause) {
      movedCause = movedCause === 'initialSync' ? movedCause : cause;
      moved.set();
    },
  };
  const loop = createResyncLoop(
    {
      ...deps,
      compare: (cause) => compareNodes(observing, cause === 'initialSync' ? cause : 'compare'),
      inspect: (id) => inspectNode(observing, id),
      // Nodes say nothing of use before they have a name.
      isRelevant: ({ removed, name }) => removed || name !== '',
    },
    { kind: 'node', pollingMs, resyncMs, maxInspections: MAX_INSPECTIONS },
  );

  async function resendLoop(signal: AbortSignal): Promise<void> {
    while (!isAborted(signal)) {
      await moved.wait(signal);
      await clock.sleep(GATHER_MS, signal);
      if (movedCause !== undefined) deps.onTasksMoved(movedCause);
      movedCause = undefined;
    }
  }

  return {
    name: 'nodes',
    hasSynced: () => loop.hasSynced(),
    async run(signal) {
      await Promise.all([loop.run(signal), resendLoop(signal)]);
    },
  };
}
