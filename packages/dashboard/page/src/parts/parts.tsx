import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Health, SourceName } from '../../../src/core/view/view.js';
import { formatDuration, formatTime } from './format.js';
import { all, away, now } from '../state/store.js';

/** How long ago; follows the clock. */
export function Age({ atMs, prefix = '' }: { readonly atMs: number; readonly prefix?: string }) {
  return (
    <time dateTime={new Date(atMs).toISOString()} title={formatTime(atMs, now.peek())}>
      {prefix}
      {formatDuration(now.value - atMs)}
    </time>
  );
}

/** A shape for each health, so that colour is never all that tells. */
const SHAPES: Readonly<Record<Health, readonly [string, string]>> = {
  good: ['✓', 'works'],
  warning: ['!', 'has something to say'],
  bad: ['✕', 'does not work'],
  away: ['?', 'does not answer'],
  waiting: ['…', 'is being asked'],
  off: ['–', 'is not asked'],
};

export function Mark({ health }: { readonly health: Health }) {
  const [shape, words] = SHAPES[health];
  return (
    <span class={`mark ${health}`}>
      <span aria-hidden="true">{shape}</span>
      <span class="unseen">{words}</span>
    </span>
  );
}

/** A lock; no font is sure to have one. */
export function Lock() {
  return (
    <svg class="lock" role="img" aria-label="asks for a password" viewBox="0 0 12 14" width="11" height="13">
      <path
        d="M3.5 6V4a2.5 2.5 0 0 1 5 0v2M2 6h8v6.5H2z"
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linejoin="round"
      />
    </svg>
  );
}

export type Tone = 'good' | 'warning' | 'bad' | 'info' | 'quiet';

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

/** What is shown where there is nothing, with what to do about it. */
export function Empty({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <strong>{title}</strong>
      {children === undefined ? null : <p>{children}</p>}
    </div>
  );
}

/** A command for a terminal, with a button that copies it. */
export function Command({ text, what }: { readonly text: string; readonly what: string }) {
  const done = useSignal('');
  const code = useRef<HTMLElement>(null);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      done.value = 'Copied';
    } catch {
      // Without a secure connection there is no clipboard for pages; a person can still copy what is selected.
      if (code.current !== null) window.getSelection()?.selectAllChildren(code.current);
      done.value = 'Selected';
    }
    setTimeout(() => (done.value = ''), 2_000);
  }
  return (
    <div class="command">
      <span class="what">{what}</span>
      <code tabIndex={0} ref={code}>
        {text}
      </code>
      <button type="button" class="quiet" onClick={() => void copy()} aria-label={`Copy as command: ${what}`}>
        {done.value === '' ? 'Copy' : done.value}
      </button>
      <span class="unseen" role="status">
        {done.value}
      </span>
    </div>
  );
}

/** @param sources who tells what is in it: it is grey while one of them is away */
export function Section({
  title,
  id,
  count,
  sources = [],
  children,
}: {
  readonly title: string;
  readonly id: string;
  readonly count?: number;
  readonly sources?: readonly SourceName[];
  readonly children: ComponentChildren;
}) {
  const isStale = sources.some((source) => away.value.has(source));
  return (
    <section class={isStale ? 'card stale' : 'card'} aria-labelledby={id}>
      <h2 id={id}>
        {title}
        {count === undefined ? null : <span class="count">{count}</span>}
      </h2>
      <AwayNotes sources={sources} />
      {children}
    </section>
  );
}

const SOURCES: Readonly<Record<SourceName, string>> = {
  listener: 'The listener',
  proxy: 'The proxy',
  monitor: 'The monitor',
  prometheus: 'Prometheus',
  alertmanager: 'Alertmanager',
  scaler: 'The scaler',
  certificates: 'The program for certificates',
};

/** Since when each of these does not answer; nothing where all do. */
export function AwayNotes({ sources }: { readonly sources: readonly SourceName[] }) {
  return (
    <>
      {sources
        .filter((source) => away.value.has(source))
        .map((source) => {
          const { sinceMs = 0, reason } = all('source').value.get(source) ?? {};
          return (
            <p class="away-note" key={source} title={reason}>
              <Mark health="away" /> {SOURCES[source]} <Age atMs={sinceMs} prefix="has not answered for " />.
            </p>
          );
        })}
    </>
  );
}

export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** The head of a table that becomes a list of cards on a phone. */
export function Head({ columns }: { readonly columns: readonly Column[] }) {
  return (
    <thead role="rowgroup">
      <tr role="row">
        {columns.map(({ title, isNumber = false }) => (
          <th role="columnheader" scope="col" class={isNumber ? 'number' : ''} key={title}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}

export function Cell({
  title,
  isNumber = false,
  isStale = false,
  children,
}: {
  readonly title: string;
  readonly isNumber?: boolean;
  readonly isStale?: boolean;
  readonly children?: ComponentChildren;
}) {
  const names = [isNumber ? 'number' : '', isStale ? 'stale' : ''].join(' ').trim();
  return (
    <td role="cell" data-title={title} class={names}>
      {children}
    </td>
  );
}

export function toneOfOutcome(outcome: string): Tone {
  switch (outcome) {
    case 'failed':
      return 'bad';
    case 'held':
      return 'quiet';
    case 'restored':
    case 'raised':
    case 'noticed':
      return 'info';
    default:
      return 'good';
  }
}
