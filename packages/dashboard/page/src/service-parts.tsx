import type { LabelOutcome } from '../../src/core/detail/label-outcomes.js';
import type { ServiceDetail } from '../../src/core/detail/service-detail.js';
import { labelCommand, tasksCommand } from './commands.js';
import { formatDuration } from './format.js';
import { Badge, Cell, Command, Empty, Head, Lock, type Tone } from './parts.js';
import { labelPlace } from './problems.js';
import { now } from './store.js';

const LABEL_COLUMNS = [
  { title: 'Label' },
  { title: 'Value' },
  { title: 'State' },
  { title: 'What became of it' },
];

const STATES: Readonly<Record<LabelOutcome['state'], readonly [Tone, string]>> = {
  'in force': ['good', '✓ in force'],
  rejected: ['bad', '✕ rejected'],
  warning: ['warning', '! warning'],
  'not read': ['quiet', '– not read'],
  unknown: ['warning', '? unknown'],
};
const ORDER: readonly LabelOutcome['state'][] = ['rejected', 'unknown', 'warning', 'not read', 'in force'];

/** Each label with what became of it; those that did not get through first. */
export function LabelsPart({
  service,
  labels,
}: {
  readonly service: string;
  readonly labels: readonly LabelOutcome[];
}) {
  if (labels.length === 0)
    return (
      <Empty title="No label has arrived">
        swarm-listener says nothing of the service: it needs <code>com.df.notify=true</code>, and a task that
        runs.
      </Empty>
    );
  const sorted = [...labels].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return (
    <table role="table" class="labels">
      <Head columns={LABEL_COLUMNS} />
      <tbody role="rowgroup">
        {sorted.map((one) => {
          const [tone, words] = STATES[one.state];
          return (
            <tr role="row" key={one.label}>
              <th role="rowheader" scope="row" data-title="Label">
                {one.readers.length === 0 ? (
                  <code>com.df.{one.label}</code>
                ) : (
                  <a href={labelPlace(one.label)}>
                    <code>com.df.{one.label}</code>
                  </a>
                )}
              </th>
              <Cell title="Value">
                <code class="value">{one.value}</code>
              </Cell>
              <Cell title="State">
                <Badge tone={tone}>{words}</Badge>
              </Cell>
              <Cell title="What became of it">
                {one.outcome}
                {one.expected === undefined || one.expected === '' ? null : (
                  <>
                    <p class="expected">
                      <span class="soft">Expected:</span> {one.expected}
                    </p>
                    <details>
                      <summary>Copy as command</summary>
                      <Command what="set it" text={labelCommand(service, one.label, one.value)} />
                    </details>
                  </>
                )}
              </Cell>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function RoutesPart({ detail: { routes, servers } }: { readonly detail: ServiceDetail }) {
  if (routes.length === 0)
    return (
      <Empty title="Not routed">
        <code>com.df.servicePath=/demo</code> and <code>com.df.port=8080</code> route it.
      </Empty>
    );
  const backends = [...new Set(routes.map(({ backend }) => backend))];
  return (
    <>
      <ul class="plain">
        {routes.map((route) => (
          <li key={route.id}>
            <code>
              {route.domain === '' ? '*' : route.domain}
              {route.port === undefined ? '' : `:${route.port}`}
              {route.path}
            </code>{' '}
            → {route.target}{' '}
            {route.locked ? (
              <Badge tone="info">
                <Lock /> password
              </Badge>
            ) : null}
          </li>
        ))}
      </ul>
      {backends.map((backend) => (
        <div key={backend} class="backend">
          <code>{backend}</code>
          <ul class="inline">
            {servers
              .filter((server) => server.backend === backend)
              .map(({ server, state }) => (
                <li key={server}>
                  <Badge tone={state === 'UP' || state === 'no check' ? 'good' : 'bad'}>
                    {server} {state}
                  </Badge>
                </li>
              ))}
          </ul>
        </div>
      ))}
      {servers.length === 0 ? (
        <p class="soft small">The state of its servers is shown where Prometheus scrapes the proxy.</p>
      ) : null}
    </>
  );
}

export function TargetsPart({ targets }: Pick<ServiceDetail, 'targets'>) {
  if (targets.length === 0)
    return (
      <Empty title="Not scraped">
        <code>com.df.scrapePort=8080</code> has its metrics scraped.
      </Empty>
    );
  return (
    <ul class="plain">
      {targets.map(({ url, health, lastError }) => (
        <li key={url}>
          <Badge tone={health === 'up' ? 'good' : health === 'down' ? 'bad' : 'quiet'}>
            {health === 'up' ? '✓ up' : health === 'down' ? '✕ down' : health}
          </Badge>{' '}
          <code>{url}</code>
          {lastError === '' ? null : <p class="bad small">{lastError}</p>}
        </li>
      ))}
    </ul>
  );
}

export function AlertsPart({ alerts }: Pick<ServiceDetail, 'alerts'>) {
  if (alerts.length === 0)
    return (
      <Empty title="No alert">
        <code>com.df.alertName=memlimit</code> with <code>com.df.alertIf=@service_mem_limit:0.8</code> makes
        one.
      </Empty>
    );
  return (
    <ul class="plain alerts">
      {alerts.map((alert) => (
        <li key={alert.name}>
          <div class="line">
            <Badge tone={alert.state === 'firing' ? 'bad' : alert.state === 'pending' ? 'warning' : 'quiet'}>
              {alert.state === 'firing' ? '▲ firing' : alert.state === 'pending' ? '◔ pending' : alert.state}
            </Badge>
            <b>{alert.name}</b>
            {alert.value === undefined ? null : <span>value {alert.value}</span>}
            {alert.state === 'pending' && alert.activeAt !== undefined ? (
              <span class="soft">fires {untilFiring(alert.activeAt, alert.forSeconds)}</span>
            ) : null}
            {alert.delivered ? <span class="soft">at Alertmanager</span> : null}
          </div>
          <code class="value">{alert.expression}</code>
          {alert.forSeconds === 0 ? null : (
            <span class="soft small"> for {formatDuration(alert.forSeconds * 1_000)}</span>
          )}
          {alert.error === '' ? null : <p class="bad small">{alert.error}</p>}
        </li>
      ))}
    </ul>
  );
}

function untilFiring(activeAt: string, forSeconds: number): string {
  const left = Date.parse(activeAt) + forSeconds * 1_000 - now.value;
  return left <= 0 ? 'at the next evaluation' : `in ${formatDuration(left)}`;
}

export function ScalingPart({ detail: { scaling } }: { readonly detail: ServiceDetail }) {
  if (scaling === undefined)
    return (
      <Empty title="Not scaled">
        <code>com.df.scaleMin=2</code> and <code>com.df.scaleMax=6</code> let alerts change its count between
        them.
      </Empty>
    );
  const { replicas, min, max, upBy, downBy, cooldownSeconds, updateState } = scaling;
  return (
    <dl class="pairs">
      <dt>replicas</dt>
      <dd>
        {replicas.running === undefined ? '' : `${replicas.running} of `}
        {replicas.wanted}
        {scaling.stopped ? ' (stopped by somebody)' : ''}
      </dd>
      <dt>bounds</dt>
      <dd>
        {min.value} – {max.value} <span class="soft">{from(min.from, max.from)}</span>
      </dd>
      {upBy === undefined || downBy === undefined ? null : (
        <>
          <dt>steps</dt>
          <dd>
            +{upBy.value} / −{downBy.value} <span class="soft">{from(upBy.from, downBy.from)}</span>
          </dd>
        </>
      )}
      {cooldownSeconds === undefined ? null : (
        <>
          <dt>cool-down</dt>
          <dd>
            up {cooldownSeconds.up.value} s, down {cooldownSeconds.down.value} s
          </dd>
        </>
      )}
      {updateState === undefined ? null : (
        <>
          <dt>update</dt>
          <dd>{updateState}</dd>
        </>
      )}
    </dl>
  );
}

function from(...sources: readonly string[]): string {
  return [...new Set(sources)].filter((source) => source !== '').join(', ');
}

export function TasksPart({ detail: { tasks, scaling, name } }: { readonly detail: ServiceDetail }) {
  const lacking =
    scaling?.replicas.running === undefined ? 0 : scaling.replicas.wanted - scaling.replicas.running;
  const nodes = new Map<string, string[]>();
  for (const { nodeName, address } of tasks) nodes.set(nodeName, [...(nodes.get(nodeName) ?? []), address]);
  return (
    <>
      {tasks.length === 0 ? (
        <Empty title="No task is told of">
          Tasks with their nodes are told with <code>DF_INCLUDE_NODE_IP_INFO=true</code> at swarm-listener and{' '}
          <code>com.df.scrapeNetwork</code> at the service.
        </Empty>
      ) : (
        <ul class="plain">
          {[...nodes].map(([node, addresses]) => (
            <li key={node}>
              <b>{node}</b> <span class="soft">{addresses.join(', ')}</span>
            </li>
          ))}
        </ul>
      )}
      {lacking > 0 ? (
        <>
          <p>
            <Badge tone="warning">! {lacking} not running</Badge> Swarm says why:
          </p>
          <Command what="why tasks of it wait" text={tasksCommand(name)} />
        </>
      ) : null}
    </>
  );
}
