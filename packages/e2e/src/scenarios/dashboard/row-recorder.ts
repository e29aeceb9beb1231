import type { Page } from 'playwright-core';

/** What the list of services said of one of them at some time. */
export interface SeenRow {
  readonly tasks: string;
  readonly routes: string;
  readonly targets: string;
  readonly alerts: string;
  /** `scaled 3 → 2`, without its age. */
  readonly decision: string;
}

/** Something that is waited for, and how one sees that it has happened. */
export type Step = readonly [what: string, isSeen: (row: SeenRow) => boolean];

/**
 * Keeps every state of a row that the page shows from now on, as long as it is not loaded anew: what is there for some
 * seconds only is missed by whoever looks now and then.
 */
export async function recordRow(page: Page, service: string): Promise<void> {
  await page.evaluate(`(() => {
    const seen = [];
    const look = () => {
      const links = [...document.querySelectorAll('table.services a.name')];
      const row = links.find((link) => link.getAttribute('href') === '#/services/${service}')?.closest('tr');
      const text = (title, part = '') =>
        row?.querySelector('td[data-title="' + title + '"]' + part)?.textContent.trim() ?? '';
      const now = row === undefined || row === null ? null : {
        tasks: text('Tasks'),
        routes: text('Routes'),
        targets: text('Targets'),
        alerts: text('Alerts'),
        decision: text('Last decision', ' .badge'),
      };
      if (seen.length === 0 || JSON.stringify(now) !== JSON.stringify(seen.at(-1))) seen.push(now);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    look();
    window.seenRows = seen;
  })()`);
}

/** What was seen of the recorded row, in its order; `null`: it was not there. */
export function readRows(page: Page): Promise<readonly (SeenRow | null)[]> {
  return page.evaluate('window.seenRows');
}

/** The first of the steps that was not seen after those before it; `undefined` when all were. */
export function firstMissing(rows: readonly (SeenRow | null)[], steps: readonly Step[]): string | undefined {
  let at = 0;
  for (const [what, isSeen] of steps) {
    const next = rows.findIndex((row, i) => i >= at && row !== null && isSeen(row));
    if (next < 0) return what;
    at = next;
  }
  return undefined;
}
