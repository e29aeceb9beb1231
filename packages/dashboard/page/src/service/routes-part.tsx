import type { BackendServer, ServiceDetail } from '../../../src/core/detail/service-detail.js';
import { Badge, Empty, Lock } from '../parts/parts.js';

/** Where its requests come from, with the servers they go to. */
export function RoutesPart({ detail: { routes, servers, unanswered } }: { readonly detail: ServiceDetail }) {
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
          <Servers servers={servers.filter((server) => server.backend === backend)} />
        </div>
      ))}
      {servers.length === 0 && !unanswered.includes('prometheus') ? (
        <p class="soft small">The state of its servers is shown where Prometheus scrapes the proxy.</p>
      ) : null}
    </>
  );
}

/** Servers with their state. Those in maintenance are places that HAProxy keeps for tasks to come. */
function Servers({ servers }: { readonly servers: readonly BackendServer[] }) {
  const used = servers.filter(({ state }) => state !== 'MAINT');
  const free = servers.length - used.length;
  return (
    <ul class="inline">
      {used.map(({ server, state }) => (
        <li key={server}>
          <Badge tone={state === 'UP' || state === 'no check' ? 'good' : 'bad'}>
            {server} {state}
          </Badge>
        </li>
      ))}
      {free === 0 ? null : (
        <li class="soft small">
          {free} {free === 1 ? 'place' : 'places'} for more tasks
        </li>
      )}
    </ul>
  );
}
