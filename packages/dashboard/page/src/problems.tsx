import type { Problem } from '../../src/core/view/view.js';
import { servicePlace } from './address.js';
import { labelCommand, removeLabelCommand } from './commands.js';
import { Age, Badge, Command, Empty } from './parts.js';
import { writePlace } from './place.js';
import { all, hasLoaded } from './store.js';

const SOURCES: Readonly<Record<string, string>> = { listener: 'swarm-listener' };

export function labelPlace(label: string): string {
  return writePlace({ path: ['labels', label], query: {} });
}

/** Everything that was rejected anywhere, the newest first. */
export function Problems() {
  const problems = [...all('problem').value.values()].sort(
    (a, b) => rank(a) - rank(b) || b.sinceMs - a.sinceMs || (a.id < b.id ? -1 : 1),
  );
  return (
    <section class="card" aria-labelledby="problems-title">
      <h2 id="problems-title">
        Problems <span class="count">{problems.length}</span>
      </h2>
      {problems.length > 0 ? (
        <ProblemList problems={problems} namesService />
      ) : hasLoaded.value ? (
        <Empty title="Nothing is rejected">
          Labels that cannot be read, routes and alerts that are rejected, and targets that do not answer are
          listed here with what would be right.
        </Empty>
      ) : (
        <Empty title="Asking the programs …" />
      )}
    </section>
  );
}

function rank({ kind }: Problem): number {
  return kind === 'rejected' ? 0 : 1;
}

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
