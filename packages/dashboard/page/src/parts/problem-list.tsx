import type { Problem } from '../../../src/core/view/view.js';
import { labelPlace, servicePlace } from '../state/address.js';
import { labelCommand, removeLabelCommand } from './commands.js';
import { Age, Badge, Command } from './parts.js';

const SOURCES: Readonly<Record<string, string>> = { listener: 'swarm-listener' };

/** Problems with what would be right, and with the commands that mend them. */
export function ProblemList({
  problems,
  namesService = false,
}: {
  readonly problems: readonly Problem[];
  readonly namesService?: boolean;
}) {
  return (
    <ul class="problems">
      {problems.map((problem) => (
        <li key={problem.id} class={problem.kind}>
          <div class="line">
            <Badge tone={problem.kind === 'rejected' ? 'bad' : 'warning'}>
              {problem.kind === 'rejected' ? '✕ rejected' : '! warning'}
            </Badge>
            {namesService && problem.service !== '' ? (
              <a href={servicePlace(problem.service)}>{problem.service}</a>
            ) : null}
            {problem.label === undefined ? null : (
              <code class="label">
                <a href={labelPlace(problem.label)}>com.df.{problem.label}</a>
                {problem.value === undefined || problem.value === '' ? '' : `=${problem.value}`}
              </code>
            )}
            <span class="soft meta">
              {SOURCES[problem.source] ?? problem.source}, for <Age atMs={problem.sinceMs} />
            </span>
          </div>
          <p>{problem.text}</p>
          {problem.expected === undefined || problem.expected === '' ? null : (
            <p class="expected">
              <span class="soft">Expected:</span> {problem.expected}
            </p>
          )}
          <Mend problem={problem} />
        </li>
      ))}
    </ul>
  );
}

function Mend({ problem: { service, label, value = '' } }: { readonly problem: Problem }) {
  if (label === undefined || service === '') return null;
  return (
    <details>
      <summary>Copy as command</summary>
      <Command what="set it" text={labelCommand(service, label, value)} />
      <Command what="remove it" text={removeLabelCommand(service, label)} />
    </details>
  );
}
