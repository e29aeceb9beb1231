import type { LabelOutcome } from '../../../src/core/detail/label-outcomes.js';
import { labelCommand } from '../parts/commands.js';
import { Badge, Cell, Command, Empty, Head, type Tone } from '../parts/parts.js';
import { labelPlace } from '../state/address.js';

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
