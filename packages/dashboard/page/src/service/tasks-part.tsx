import type { ServiceDetail } from '../../../src/core/detail/service-detail.js';
import type { NodeTasks, ServiceTask } from '../../../src/core/join/service-tasks.js';
import { tasksCommand } from '../parts/commands.js';
import { Age, Badge, Command, Empty } from '../parts/parts.js';

/** Its tasks by node; those that do not run with Swarm's reason. */
export function TasksPart({ detail: { tasks, scaling, name } }: { readonly detail: ServiceDetail }) {
  const isLacking =
    scaling?.replicas.running !== undefined && scaling.replicas.running < scaling.replicas.wanted;
  const isTold = tasks.some(({ tasks: all }) => all.some(({ state }) => state !== 'running'));
  return (
    <>
      {tasks.length === 0 ? (
        <Empty title="No task is told of">
          The scaler tells tasks, and why some wait; addresses are told with{' '}
          <code>DF_INCLUDE_NODE_IP_INFO=true</code> at swarm-listener and <code>com.df.scrapeNetwork</code> at
          the service.
        </Empty>
      ) : (
        <ul class="plain tasks-by-node">
          {tasks.map((node) => (
            <OnNode key={node.node} node={node} />
          ))}
        </ul>
      )}
      {isTold || isLacking ? <Command what="all that Swarm says of them" text={tasksCommand(name)} /> : null}
    </>
  );
}

function OnNode({ node: { node, addresses, tasks } }: { readonly node: NodeTasks }) {
  const running = tasks.filter(({ state }) => state === 'running').length;
  return (
    <li>
      <div class="line">
        <b>{node === '' ? 'Waiting for a node' : node}</b>
        {running === 0 ? null : <Badge tone="good">✓ {running} running</Badge>}
        <span class="soft">{addresses.join(', ')}</span>
      </div>
      <ul class="plain">
        {tasks
          .filter(({ state }) => state !== 'running')
          .map((task, i) => (
            <NotRunning key={task.slot ?? i} task={task} />
          ))}
      </ul>
    </li>
  );
}

function NotRunning({ task: { slot, state, reason, since } }: { readonly task: ServiceTask }) {
  return (
    <li>
      <Badge tone="warning">! {state}</Badge>{' '}
      {slot === undefined ? null : <span class="soft">slot {slot}</span>}{' '}
      {since === undefined ? null : (
        <span class="soft">
          <Age atMs={Date.parse(since)} prefix="for " />
        </span>
      )}
      {reason === undefined ? null : <p>{reason}</p>}
    </li>
  );
}
