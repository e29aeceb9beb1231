import { place, servicePlace } from '../state/address.js';
import { Explain } from '../parts/explain.js';
import { Badge, Cell, Empty, Head, Lock, Section } from '../parts/parts.js';
import { SearchBox } from '../parts/search-box.js';
import { all } from '../state/store.js';

const COLUMNS = [
  { title: 'Domain' },
  { title: 'Path' },
  { title: 'Service' },
  { title: 'Backend' },
  { title: 'Notes' },
];

/** Domain → path → service over all services, with those that never get a request. */
export function Routes() {
  const search = (place.value.query['q'] ?? '').toLowerCase();
  const routes = [...all('route').value.values()]
    .filter((route) => `${route.domain}${route.path} ${route.service}`.toLowerCase().includes(search))
    .sort((a, b) => compare(key(a), key(b)));
  return (
    <>
      <Section title="Routes" id="routes-title" count={routes.length} sources={['proxy']}>
        <div class="tools">
          <SearchBox what="routes" value={place.value.query['q'] ?? ''} />
        </div>
        {routes.length === 0 ? (
          <Empty title="No route">
            A service is routed by <code>com.df.servicePath=/demo</code> or <code>com.df.serviceDomain</code>,
            and <code>com.df.port</code>, the port it listens on.
          </Empty>
        ) : (
          <table role="table">
            <Head columns={COLUMNS} />
            <tbody role="rowgroup">
              {routes.map((route) => (
                <tr role="row" key={route.id} class={route.shadowedBy === undefined ? '' : 'is-warning'}>
                  <Cell title="Domain">
                    {route.domain === '' ? (
                      <span class="soft">every domain</span>
                    ) : (
                      <code>{route.domain}</code>
                    )}
                    {route.port === undefined ? null : <code>:{route.port}</code>}
                  </Cell>
                  <Cell title="Path">
                    {route.path === '' ? (
                      <span class="soft">{route.mode === 'http' ? 'every path' : route.mode}</span>
                    ) : (
                      <code>{route.path}</code>
                    )}
                  </Cell>
                  <Cell title="Service">
                    <a href={servicePlace(route.service)}>{route.target}</a>
                  </Cell>
                  <Cell title="Backend">
                    <code>{route.backend}</code>
                  </Cell>
                  <Cell title="Notes">
                    {route.locked ? (
                      <Badge tone="info">
                        <Lock /> password
                      </Badge>
                    ) : null}
                    {route.shadowedBy === undefined ? null : (
                      <Badge tone="warning">! shadowed by {route.shadowedBy}</Badge>
                    )}
                  </Cell>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Section>
      <Explain />
    </>
  );
}

function key({ domain, path, service }: { domain: string; path: string; service: string }): string {
  return `${domain}\n${path}\n${service}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
