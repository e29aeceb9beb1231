import type { Problem } from '../../../src/core/view/view.js';
import { Empty, Section } from '../parts/parts.js';
import { ProblemList } from '../parts/problem-list.js';
import { all, hasLoaded } from '../state/store.js';

/** Everything that was rejected anywhere, the newest first. */
export function Problems() {
  const problems = [...all('problem').value.values()].sort(
    (a, b) => rank(a) - rank(b) || b.sinceMs - a.sinceMs || (a.id < b.id ? -1 : 1),
  );
  return (
    <Section title="Problems" id="problems-title" count={problems.length}>
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
    </Section>
  );
}

function rank({ kind }: Problem): number {
  return kind === 'rejected' ? 0 : 1;
}
