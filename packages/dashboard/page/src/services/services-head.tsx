import { useComputed } from '@preact/signals';
import { SearchBox } from '../parts/search-box.js';
import { place, refine } from '../state/address.js';
import { all } from '../state/store.js';
import { selection } from './arrange.js';
import { countFlags, FLAGS, type Sort } from './select-services.js';

export const COLUMNS: readonly (readonly [Sort, string, boolean])[] = [
  ['name', 'Service', false],
  ['tasks', 'Tasks', true],
  ['routes', 'Routes', false],
  ['requests', 'Requests/s', true],
  ['errors', '5xx', true],
  ['time', 'Response', true],
  ['targets', 'Targets', true],
  ['alerts', 'Alerts', false],
  ['decision', 'Last decision', false],
  ['problems', 'Problems', true],
];

/** Search, filters with counts, and grouping. */
export function Tools() {
  const counts = useComputed(() => countFlags(all('service').value.values())).value;
  const { search, flags } = selection.value;
  const isGrouped = place.value.query['group'] === 'stack';
  const toggle = (flag: string) =>
    refine({
      filter: (flags.includes(flag) ? flags.filter((one) => one !== flag) : [...flags, flag]).join(','),
    });
  return (
    <div class="tools">
      <SearchBox what="services" value={search} />
      <div class="pills" role="group" aria-label="Filters">
        {FLAGS.map(([flag, words]) => (
          <button
            type="button"
            key={flag}
            class={`pill ${flag}`}
            aria-pressed={flags.includes(flag)}
            onClick={() => toggle(flag)}
          >
            {words} <span class="number">{counts.get(flag) ?? 0}</span>
          </button>
        ))}
      </div>
      <button
        type="button"
        class="pill group"
        aria-pressed={isGrouped}
        onClick={() => refine({ group: isGrouped ? '' : 'stack' })}
      >
        by stack
      </button>
    </div>
  );
}

/** Columns, of which each sorts; once more the other way round, a third time not. */
export function SortHead() {
  const { sort, isReversed } = selection.value;
  return (
    <thead role="rowgroup">
      <tr role="row">
        {COLUMNS.map(([column, title, isNumber]) => {
          const isSorted = sort === column;
          const isAscending = (column === 'name') !== isReversed;
          return (
            <th
              role="columnheader"
              scope="col"
              key={column}
              class={isNumber ? 'number' : ''}
              aria-sort={isSorted ? (isAscending ? 'ascending' : 'descending') : 'none'}
            >
              <button
                type="button"
                onClick={() => {
                  if (!isSorted) refine({ sort: column, order: '' });
                  else if (isReversed) refine({ sort: '', order: '' });
                  else refine({ order: 'reversed' });
                }}
              >
                {title}
                <span aria-hidden="true">{isSorted ? (isAscending ? ' ↑' : ' ↓') : ''}</span>
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
