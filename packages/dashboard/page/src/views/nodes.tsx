import { servicePlace } from '../state/address.js';
import { Badge, Cell, Empty, Head, Section } from '../parts/parts.js';
import { all } from '../state/store.js';

const COLUMNS = [
  { title: 'Node' },
  { title: 'State' },
  { title: 'Role' },
  { title: 'Address' },
  { title: 'Tasks' },
  { title: 'Labels' },
];

/** The nodes of the Swarm, with the tasks that services tell of. */
export function Nodes() {
  const nodes = [...all('node').value.values()].sort((a, b) => (a.hostname < b.hostname ? -1 : 1));
  return (
    <Section title="Nodes" id="nodes-title" count={nodes.length} sources={['listener']}>
      {nodes.length === 0 ? (
        <Empty title="No node is told of">swarm-listener tells of nodes once it has asked Docker.</Empty>
      ) : (
        <table role="table">
          <Head columns={COLUMNS} />
          <tbody role="rowgroup">
            {nodes.map((node) => (
              <tr role="row" key={node.id} class={node.state === 'ready' ? '' : 'is-bad'}>
                <th role="rowheader" scope="row" data-title="Node">
                  {node.hostname}
                </th>
                <Cell title="State">
                  <Badge tone={node.state === 'ready' ? 'good' : 'bad'}>
                    {node.state === 'ready' ? '✓' : '✕'} {node.state}
                  </Badge>
                  {node.availability === 'active' ? null : <Badge tone="warning">{node.availability}</Badge>}
                </Cell>
                <Cell title="Role">{node.role}</Cell>
                <Cell title="Address">
                  <code>{node.address}</code>
                </Cell>
                <Cell title="Tasks">
                  <ul class="inline">
                    {Object.entries(node.tasks).map(([service, count]) => (
                      <li key={service}>
                        <a href={servicePlace(service)}>{service}</a>
                        {count > 1 ? ` ×${count}` : ''}
                      </li>
                    ))}
                  </ul>
                </Cell>
                <Cell title="Labels">
                  <ul class="inline">
                    {Object.entries(node.labels).map(([label, value]) => (
                      <li key={label}>
                        <code>
                          {label}={value}
                        </code>
                      </li>
                    ))}
                  </ul>
                </Cell>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
