import type { Alert } from '../core/services/alert.js';
import { memoizeByIdentity } from '../core/text/memoize.js';
import { alertPart, type Built, type PartContent, type PartName } from '../core/files/build.js';

/** Remembers which parts of the configuration are rejected, and which ones Prometheus runs. */
export interface RejectedParts {
  /** Whether this part is rejected with exactly this content. */
  readonly has: (part: PartName, content: PartContent) => boolean;
  /** Whether anything has been rejected. */
  knowsAny(): boolean;
  /** Why this alert is rejected; `undefined` when no reason is known. */
  readonly reasonAgainst: (alert: Alert) => string | undefined;
  /** Whether Prometheus has confirmed this part with exactly this content. */
  isConfirmed(part: PartName, content: PartContent): boolean;
  reject(part: PartName, content: PartContent, reason: string): void;
  /** Rejects whatever says the same as this alert, however often it comes. */
  rejectAlert(alert: Alert, reason: string): void;
  /** Prometheus does not want these files: everything in them that it has not confirmed is rejected. */
  rejectUnconfirmed(built: Built, reason: string): void;
  /** Prometheus runs these files. Rejections of parts that nobody asks for any more are forgotten. */
  confirm(built: Built): void;
  /** The reasons by name. */
  reasons(): ReadonlyMap<PartName, string>;
}

interface Rejection {
  readonly content: PartContent;
  readonly reason: string;
}

const MOST_REMEMBERED_ALERTS = 1_000;

export function createRejectedParts(): RejectedParts {
  const rejections = new Map<PartName, Rejection>();
  /** Reasons by what the alert says, so that one sent again and again is rejected without another check. */
  const alertReasons = new Map<string, string>();
  let confirmed: Built['parts'] = new Map();

  function reject(part: PartName, content: PartContent, reason: string): void {
    rejections.set(part, { content, reason });
  }

  return {
    has: (part, content) => rejections.get(part)?.content === content,
    knowsAny: () => rejections.size > 0 || alertReasons.size > 0,
    reasonAgainst: (alert) => {
      const known = rejections.get(alertPart(alert.service, alert.formattedName));
      return known?.content === alert ? known.reason : alertReasons.get(contentOf(alert));
    },
    isConfirmed: (part, content) => confirmed.get(part) === content,
    reject,
    rejectAlert(alert, reason) {
      if (alertReasons.size >= MOST_REMEMBERED_ALERTS) alertReasons.clear();
      alertReasons.set(contentOf(alert), reason);
    },
    rejectUnconfirmed({ parts }, reason) {
      for (const [part, content] of parts) if (confirmed.get(part) !== content) reject(part, content, reason);
    },
    confirm({ parts, rejected }) {
      confirmed = parts;
      for (const part of rejections.keys()) if (!rejected.has(part)) rejections.delete(part);
    },
    reasons: () => new Map([...rejections].map(([part, { reason }]) => [part, reason])),
  };
}

const contentOf = memoizeByIdentity((alert: Alert) => {
  const { formattedName, expression, for: duration, keepFiringFor, labels, annotations } = alert;
  return JSON.stringify([formattedName, expression, duration, keepFiringFor, labels, annotations]);
});
