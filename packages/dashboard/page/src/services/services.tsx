import { AwayNotes, Empty } from '../parts/parts.js';
import { place, refine } from '../state/address.js';
import { all, away, hasLoaded } from '../state/store.js';
import { arrange, hold, limit, release, ROWS_AT_ONCE, settle } from './arrange.js';
import { groupByStack } from './select-services.js';
import { Row } from './service-row.js';
import { COLUMNS, SortHead, Tools } from './services-head.js';

/** All others tell in their station since when they are away. */
const WITHOUT_STATION = ['prometheus'] as const;

/** The list of services, worst first. */
export function Services() {
  const { rows, waiting } = arrange();
  const isGrouped = place.value.query['group'] === 'stack';
  const part = rows.slice(0, limit.value);
  const groups = isGrouped ? groupByStack(part) : [{ stack: '', rows: part }];
  return (
    <section
      class="card list"
      aria-labelledby="services-title"
      onPointerEnter={hold}
      onPointerLeave={release}
    >
      <h2 id="services-title" class="unseen">
        Services
      </h2>
      <Tools />
      <AwayNotes sources={WITHOUT_STATION} />
      {rows.length === 0 ? (
        <Nothing />
      ) : (
        <table role="table" class="services">
          <SortHead />
          {groups.map((group) => (
            <tbody key={group.stack} role="rowgroup" onKeyDown={moveBetweenRows}>
              {isGrouped ? (
                <tr role="row" class="stack">
                  <th role="rowheader" scope="rowgroup" colSpan={COLUMNS.length}>
                    {group.stack === '' ? 'No stack' : group.stack}
                    <span class="count">{group.rows.length}</span>
                  </th>
                </tr>
              ) : null}
              {group.rows.map((row) => (
                <Row key={row.name} row={row} away={away.value} />
              ))}
            </tbody>
          ))}
        </table>
      )}
      {rows.length > part.length ? (
        <button type="button" class="more" onClick={() => (limit.value += ROWS_AT_ONCE * 5)}>
          Show more: {rows.length - part.length} of {rows.length} are not shown
        </button>
      ) : null}
      {waiting > 0 ? (
        <button type="button" class="changes" onClick={settle}>
          {waiting === 1 ? '1 change' : `${waiting} changes`}
        </button>
      ) : null}
    </section>
  );
}

function Nothing() {
  if (!hasLoaded.value) return <Empty title="Asking the programs …" />;
  if (all('service').value.size > 0)
    return (
      <Empty title="No service is like that">
        <button type="button" class="quiet" onClick={() => refine({ q: '', filter: '' })}>
          Show all {all('service').value.size}
        </button>
      </Empty>
    );
  return (
    <Empty title="No service yet">
      A service is shown once it has the label <code>com.df.notify=true</code>. Then{' '}
      <code>com.df.servicePath</code> and <code>com.df.port</code> route it, <code>com.df.scrapePort</code>{' '}
      has it scraped, and <code>com.df.scaleMax</code> lets alerts scale it.
    </Empty>
  );
}

/** Arrow keys go from row to row. */
function moveBetweenRows(event: KeyboardEvent): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const links = [...document.querySelectorAll<HTMLAnchorElement>('table.services a.name')];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  const next = links[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}

/** Into the list from the search: the first row. */
export function focusFirstRow(): void {
  document.querySelector<HTMLAnchorElement>('table.services a.name')?.focus();
}
