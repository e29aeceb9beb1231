import { backOffMs, type BackOffRules } from '../core/orders/back-off.js';
import type { Chance } from '../ports.js';

/** What keeps all orders back: an authority in trouble, or an account that nothing can be ordered with. */
export interface Pauses {
  authorityFailed(problem: string, retryAfterMs: number | undefined): void;
  accountFailed(problem: string, retryAfterMs: number | undefined): void;
  /** The authority has answered as it should. */
  succeeded(): void;
  /** Why no order may be placed now, and until when. */
  reason(): { readonly problem: string; readonly untilMs: number } | undefined;
  /** The authority was in trouble and has not shown yet that it is not: one order goes ahead alone. */
  isOnTrial(): boolean;
  authorityProblem(): string | undefined;
  accountProblem(): string | undefined;
  untilMs(): number | undefined;
}

interface Pause {
  readonly failures: number;
  readonly untilMs: number;
  readonly problem: string;
}

export interface PausesOptions {
  readonly authority: BackOffRules;
  readonly account: BackOffRules;
  readonly nowMs: () => number;
  readonly chance: Chance;
}

export function createPauses({ authority, account, nowMs, chance }: PausesOptions): Pauses {
  let ofAuthority: Pause | undefined;
  let ofAccount: Pause | undefined;

  /** Several orders that fail in the same trouble count once. */
  function next(pause: Pause | undefined, rules: BackOffRules, problem: string, retryAfterMs = 0): Pause {
    const now = nowMs();
    const isCounted = pause !== undefined && pause.untilMs > now;
    const failures = (pause?.failures ?? 0) + (isCounted ? 0 : 1);
    const untilMs = isCounted ? pause.untilMs : now + backOffMs(failures, rules, chance());
    return { failures, problem, untilMs: Math.max(untilMs, now + retryAfterMs) };
  }

  const current = () => [ofAuthority, ofAccount].filter((one) => one !== undefined);

  return {
    authorityFailed(problem, retryAfterMs) {
      ofAuthority = next(ofAuthority, authority, problem, retryAfterMs);
    },
    accountFailed(problem, retryAfterMs) {
      ofAccount = next(ofAccount, account, problem, retryAfterMs);
    },
    succeeded() {
      ofAuthority = undefined;
      ofAccount = undefined;
    },
    reason: () => current().find(({ untilMs }) => untilMs > nowMs()),
    isOnTrial: () => current().length > 0,
    authorityProblem: () => ofAuthority?.problem,
    accountProblem: () => ofAccount?.problem,
    untilMs: () => {
      const untils = current()
        .map(({ untilMs }) => untilMs)
        .filter((untilMs) => untilMs > nowMs());
      return untils.length === 0 ? undefined : Math.max(...untils);
    },
  };
}
