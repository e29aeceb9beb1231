import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Alert } from '../core/services/alert.js';
import {
  alertPart,
  buildPrometheusFiles,
  type BuildInput,
  type Built,
  type PartContent,
  type PartName,
} from '../core/files/build.js';
import { renderFiles, type RenderedFiles } from '../core/files/render.js';
import {
  alertsInForce,
  rejectAlerts,
  replacedAlerts,
  type ServiceRecord,
  type Tables,
} from '../core/services/tables.js';
import { isolateCulprits } from './bisect.js';
import type { ConfigurationCheck } from '../ports.js';

/** Files that may be given to Prometheus, and the tables they were made of. */
export interface Candidate {
  /** With refused alerts marked as rejected. */
  readonly tables: Tables;
  readonly built: Built;
  readonly rendered: RenderedFiles;
}

/** Finds out whose part of the configuration is refused, and remembers it. */
export interface Judge {
  /** The best configuration that passes the check. */
  findAccepted(input: BuildInput): Promise<Candidate>;
  /** Prometheus runs it: nothing in it is suspect any more. */
  confirm(candidate: Candidate): void;
  /** Prometheus does not want it: what is new in it is left out from now on. Answers the tables that say so. */
  blame(candidate: Candidate, reason: string): Tables;
  /** Parts that are left out, with the reason. */
  leftOut(): ReadonlyMap<PartName, string>;
}

interface LeftOut {
  readonly content: PartContent;
  readonly reason: string;
}

const MAX_KNOWN_BAD_ALERTS = 1_000;

export function createJudge(check: ConfigurationCheck, logger: Logger): Judge {
  const leftOut = new Map<PartName, LeftOut>();
  /** Reasons by what the alert says, so that one sent again and again is refused without another check. */
  const badAlerts = new Map<string, string>();
  /** Records of which every alert that is not in force has been judged. */
  const judgedRecords = new WeakSet<ServiceRecord>();
  let good: Built['parts'] = new Map();

  function candidate(input: BuildInput, isLeftOut = isKnownCulprit): Candidate {
    const built = buildPrometheusFiles(input, isLeftOut);
    return { tables: input.tables, built, rendered: renderFiles(built.files) };
  }

  function isKnownCulprit(part: PartName, content: PartContent): boolean {
    return leftOut.get(part)?.content === content;
  }

  function refusal({ built, rendered }: Candidate): Promise<string | undefined> {
    return check.check(built.files, rendered);
  }

  function reasonToLeaveOut(alert: Alert): string | undefined {
    const known = leftOut.get(alertPart(alert.service, alert.formattedName));
    return known?.content === alert ? known.reason : undefined;
  }

  /** Alerts that another one of the same name replaces are in no file, so no check of files would notice them. */
  async function judgeReplacedAlerts(tables: Tables): Promise<Tables> {
    const records = [...tables.services.values()].filter((record) => !judgedRecords.has(record));
    const suspects = records.flatMap(replacedAlerts);
    const judged = suspects.length === 0 ? tables : await judgeAlerts(tables, suspects);
    for (const { service } of records) {
      const record = judged.services.get(service);
      if (record) judgedRecords.add(record);
    }
    return judged;
  }

  /** New alerts are the usual culprits, and all of them can be judged at once. */
  function judgeNewAlerts(tables: Tables): Promise<Tables> {
    const suspects = [...tables.services.values()]
      .flatMap(alertsInForce)
      .filter((alert) => good.get(alertPart(alert.service, alert.formattedName)) !== alert);
    return judgeAlerts(tables, suspects);
  }

  async function judgeAlerts(tables: Tables, suspects: readonly Alert[]): Promise<Tables> {
    const reasons = await check.checkAlerts(suspects);
    for (const [alert, reason] of reasons) {
      if (badAlerts.size >= MAX_KNOWN_BAD_ALERTS) badAlerts.clear();
      badAlerts.set(alertKey(alert), reason);
    }
    return rejectAlerts(tables, (alert) => reasons.get(alert));
  }

  async function judgeParts(input: BuildInput, built: Built): Promise<void> {
    const isNew = (part: PartName, content: PartContent) => good.get(part) !== content;
    const suspects = [...built.parts].filter(([part, content]) => isNew(part, content)).map(([part]) => part);
    const withSuspects = (included: ReadonlySet<PartName>, all: ReadonlySet<PartName>) =>
      refusal(
        candidate(
          input,
          (part, content) => isKnownCulprit(part, content) || (all.has(part) && !included.has(part)),
        ),
      );
    const some = new Set(suspects);
    // What was good once may have become bad (a file it names is gone): then everything is suspect.
    const all = (await withSuspects(new Set(), some)) === undefined ? suspects : [...built.parts.keys()];
    const among = new Set(all);
    const culprits = await isolateCulprits(all, (included) => withSuspects(included, among));
    for (const [part, reason] of culprits) {
      leftOut.set(part, { content: built.parts.get(part), reason });
      logger.warn('Part of the configuration is refused and left out', { part, reason });
    }
  }

  return {
    async findAccepted(given) {
      const known =
        badAlerts.size === 0
          ? given.tables
          : rejectAlerts(given.tables, (alert) => badAlerts.get(alertKey(alert)));
      const input = { ...given, tables: await judgeReplacedAlerts(known) };
      const first = candidate(input);
      if ((await refusal(first)) === undefined) return first;
      const judged = await judgeNewAlerts(input.tables);
      const second = candidate({ ...input, tables: judged });
      if ((await refusal(second)) === undefined) return second;
      await judgeParts({ ...input, tables: judged }, second.built);
      return candidate({ ...input, tables: rejectAlerts(judged, reasonToLeaveOut) });
    },
    confirm({ built }) {
      good = built.parts;
      for (const part of leftOut.keys()) if (!built.leftOut.has(part)) leftOut.delete(part);
    },
    blame({ tables, built }, reason) {
      for (const [part, content] of built.parts)
        if (good.get(part) !== content)
          leftOut.set(part, { content, reason: `refused by Prometheus: ${reason}` });
      return rejectAlerts(tables, reasonToLeaveOut);
    },
    leftOut: () => new Map([...leftOut].map(([part, { reason }]) => [part, reason])),
  };
}

function alertKey({ formattedName, expression, for: duration, labels, annotations }: Alert): string {
  return JSON.stringify([formattedName, expression, duration, labels, annotations]);
}
