import type { Logger } from '@docker-flow/daemon/log/logger';
import { bisectRejected } from '@docker-flow/daemon/rejection/bisect';
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
  type MonitorState,
  type ServiceRecord,
} from '../core/services/monitor-state.js';
import type { ConfigurationCheck } from '../ports.js';
import type { RejectedParts } from './rejected-parts.js';

/** Files that may be given to Prometheus, and the state they were made of. */
export interface Candidate {
  /** With rejected alerts marked as such. */
  readonly state: MonitorState;
  readonly built: Built;
  readonly rendered: RenderedFiles;
}

export interface FindAcceptedDeps {
  readonly check: ConfigurationCheck;
  readonly rejectedParts: RejectedParts;
  readonly logger: Logger;
}

/**
 * Finds the best configuration that passes the check. What cannot stay is added to `rejectedParts`: first new
 * alerts, which are all checked in one run; then single parts of the files, found by bisection.
 */
export function createFindAccepted({ check, rejectedParts, logger }: FindAcceptedDeps) {
  /** Records of which every alert that is not in force has been checked. */
  const checkedRecords = new WeakSet<ServiceRecord>();

  function candidate(input: BuildInput, isRejected = rejectedParts.has): Candidate {
    const built = buildPrometheusFiles(input, isRejected);
    return { state: input.state, built, rendered: renderFiles(built.files) };
  }

  function rejection({ built, rendered }: Candidate): Promise<string | undefined> {
    return check.check(built.files, rendered);
  }

  function withKnownRejections(state: MonitorState): MonitorState {
    return rejectedParts.knowsAny() ? rejectAlerts(state, rejectedParts.reasonAgainst) : state;
  }

  async function checkAlerts(state: MonitorState, alerts: readonly Alert[]): Promise<MonitorState> {
    const reasons = await check.checkAlerts(alerts);
    for (const [alert, reason] of reasons) rejectedParts.rejectAlert(alert, reason);
    return rejectAlerts(state, (alert) => reasons.get(alert));
  }

  /** Alerts that another one of the same name replaces are in no file, so no check of files would notice them. */
  async function checkReplacedAlerts(state: MonitorState): Promise<MonitorState> {
    const records = [...state.services.values()].filter((record) => !checkedRecords.has(record));
    if (records.length === 0) return state;
    const replaced = records.flatMap(replacedAlerts);
    const checked = replaced.length === 0 ? state : await checkAlerts(state, replaced);
    for (const { service } of records) {
      const record = checked.services.get(service);
      if (record) checkedRecords.add(record);
    }
    return checked;
  }

  function checkNewAlerts(state: MonitorState): Promise<MonitorState> {
    const alerts = [...state.services.values()]
      .flatMap(alertsInForce)
      .filter((alert) => !rejectedParts.isConfirmed(alertPart(alert.service, alert.formattedName), alert));
    return checkAlerts(state, alerts);
  }

  async function rejectSingleParts(input: BuildInput, built: Built, reason: string): Promise<void> {
    const isNew = (part: PartName, content: PartContent) => !rejectedParts.isConfirmed(part, content);
    const newParts = [...built.parts].filter(([part, content]) => isNew(part, content)).map(([part]) => part);
    const without = (all: ReadonlySet<PartName>, included: ReadonlySet<PartName>) =>
      rejection(
        candidate(
          input,
          (part, content) => rejectedParts.has(part, content) || (all.has(part) && !included.has(part)),
        ),
      );
    // What was accepted once may have become bad (a file it names is gone): then every part may be the cause.
    const isNewPart = (await without(new Set(newParts), new Set())) === undefined;
    const suspects = isNewPart ? newParts : [...built.parts.keys()];
    const all = new Set(suspects);
    const rejected = await bisectRejected(suspects, (included) => without(all, included), { reason });
    for (const [part, why] of rejected) {
      rejectedParts.reject(part, built.parts.get(part), why);
      logger.warn('Part of the configuration is rejected', { part, reason: why });
    }
  }

  return async (given: BuildInput): Promise<Candidate> => {
    const input = { ...given, state: await checkReplacedAlerts(withKnownRejections(given.state)) };
    const first = candidate(input);
    if ((await rejection(first)) === undefined) return first;
    const state = await checkNewAlerts(input.state);
    const second = candidate({ ...input, state });
    const reason = await rejection(second);
    if (reason === undefined) return second;
    await rejectSingleParts({ ...input, state }, second.built, reason);
    return candidate({ ...input, state: withKnownRejections(state) });
  };
}
