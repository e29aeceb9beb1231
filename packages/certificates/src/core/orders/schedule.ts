import { covers, wildcardOf } from '../names/covers.js';
import { isValidAt, type CertificateRecord } from '../model/certificate-record.js';
import { renewalMomentMs } from '../renewal/renewal-moment.js';
import type { AssignedWish } from '../wishes/assign-names.js';
import type { LedgerOrder, Reached } from './limits.js';
import { neededOrder, type NeededOrder, type NeedSettings } from './need.js';

/** Everything that decides which orders begin now. */
export interface ScheduleInput extends NeedSettings {
  readonly assigned: readonly AssignedWish[];
  readonly record: (certName: string) => CertificateRecord | undefined;
  readonly changedAtMs: (certName: string) => number;
  readonly isRunning: (certName: string) => boolean;
  /** When the authority was last in trouble over this one; 0: never. */
  readonly troubledAtMs: (certName: string) => number;
  /** How many more may begin. */
  readonly places: number;
  /** What stands in the way of every order. */
  readonly condition: string | undefined;
  readonly pause: { readonly problem: string; readonly untilMs: number } | undefined;
  readonly limit: (order: Pick<LedgerOrder, 'names' | 'isRenewal'>) => Reached | undefined;
  readonly settleMs: number;
  readonly nowMs: number;
}

export interface Schedule {
  readonly start: readonly { readonly assigned: AssignedWish; readonly order: NeededOrder }[];
  /** Why an order that is needed does not begin, by certificate. */
  readonly waiting: ReadonlyMap<string, string>;
  /** Services that are covered by the certificate of another one, by that certificate. */
  readonly covered: ReadonlyMap<string, readonly string[]>;
  /** When to look again at the latest, as far as time decides. */
  readonly wakeMs: number;
}

/**
 * Which orders begin now: those that are needed, whose time has come, that nothing stands in the way of; sets without
 * any valid certificate before renewals, the oldest wish first.
 */
export function schedule(input: ScheduleInput): Schedule {
  const { nowMs } = input;
  const waiting = new Map<string, string>();
  const covered = new Map<string, readonly string[]>();
  const wakes: number[] = [];
  const covering = coveringOf(input);
  const ready: {
    readonly assigned: AssignedWish;
    readonly order: NeededOrder;
    readonly isUrgent: boolean;
  }[] = [];
  for (const assigned of input.assigned) {
    const { certName, wish } = assigned;
    const record = input.record(certName);
    if (!record || input.isRunning(certName) || wish.forbidden !== undefined || wish.names.length === 0)
      continue;
    const cover = coverOf(assigned, input, covering);
    if (cover !== undefined && !record.isDemanded) {
      covered.set(cover, [...(covered.get(cover) ?? []), ...wish.services]);
      continue;
    }
    wakes.push(...timesOf(record, input).filter((ms) => ms > nowMs));
    // An order at another authority is of no use any more.
    const isUnderWay = record.pending?.directory === input.directory;
    const order = isUnderWay ? resumed(record) : neededOrder(record, input, nowMs);
    if (!order) continue;
    if (record.retryAfterMs > nowMs) continue;
    const begin = input.changedAtMs(certName) + input.settleMs;
    if (begin > nowMs && begin <= nowMs + input.settleMs && !isUnderWay && !record.isDemanded) {
      wakes.push(begin);
      continue;
    }
    const isBackOff = order.need !== 'left out before' && order.need !== 'demanded' && !isUnderWay;
    if (isBackOff && record.nextTryMs > nowMs) continue;
    const isUrgent = !isValidAt(record.certificate, nowMs);
    const reason =
      input.condition ??
      input.pause?.problem ??
      (isUnderWay ? undefined : limitReason(record, order, input, wakes));
    if (reason === undefined) ready.push({ assigned, order, isUrgent });
    else waiting.set(certName, reason);
  }
  if (input.pause) wakes.push(input.pause.untilMs);
  ready.sort(
    (a, b) =>
      // What the authority was in trouble over comes last: it must not stand in the way of all others for ever.
      input.troubledAtMs(a.assigned.certName) - input.troubledAtMs(b.assigned.certName) ||
      Number(b.isUrgent) - Number(a.isUrgent) ||
      input.changedAtMs(a.assigned.certName) - input.changedAtMs(b.assigned.certName),
  );
  return {
    start: ready.slice(0, Math.max(0, input.places)),
    waiting,
    covered,
    wakeMs: Math.min(...wakes, Infinity),
  };
}

function resumed({ pending, wanted }: CertificateRecord): NeededOrder {
  return { need: 'none there', names: pending?.names ?? wanted };
}

function limitReason(
  record: CertificateRecord,
  { names }: NeededOrder,
  { limit }: ScheduleInput,
  wakes: number[],
): string | undefined {
  const isRenewal = names.join(' ') === record.certificate?.names.join(' ');
  const reached = limit({ names, isRenewal });
  if (!reached) return undefined;
  wakes.push(reached.untilMs);
  const until = new Date(reached.untilMs).toISOString();
  return `${reached.variable} is reached (${reached.about}): the next order is possible at ${until}`;
}

/** The valid certificate of other services that covers all names of a wish. */
function coverOf(
  { certName, wish }: AssignedWish,
  input: ScheduleInput,
  covering: Covering,
): string | undefined {
  const own = input.record(certName)?.certificate;
  // Whoever covers all names covers the first.
  const [first = ''] = wish.names;
  const found = (covering.get(first) ?? []).concat(covering.get(wildcardOf(first)) ?? []).find((other) => {
    if (other.certName === certName || other.wish.services.some((one) => wish.services.includes(one)))
      return false;
    const names = input.record(other.certName)?.certificate?.names ?? [];
    // Two that cover each other must not both rely on the other one.
    const isMutual = own !== undefined && other.wish.names.every((name) => covers(own.names, name));
    return !isMutual && wish.names.every((name) => covers(names, name));
  });
  return found?.certName;
}

/** Who has a valid certificate of our authority, by each of its names. */
type Covering = ReadonlyMap<string, readonly AssignedWish[]>;

function coveringOf({ assigned, record, directory, nowMs }: ScheduleInput): Covering {
  const covering = new Map<string, AssignedWish[]>();
  for (const one of assigned) {
    const certificate = record(one.certName)?.certificate;
    if (!certificate || !isValidAt(certificate, nowMs)) continue;
    if ((certificate.directory ?? directory) !== directory) continue;
    for (const name of certificate.names) covering.set(name, [...(covering.get(name) ?? []), one]);
  }
  return covering;
}

function timesOf(record: CertificateRecord, { renewAt }: ScheduleInput): readonly number[] {
  const { certificate, advice, nextTryMs, retryAfterMs, leftOut } = record;
  return [
    nextTryMs,
    retryAfterMs,
    ...Object.values(leftOut).map((one) => one.nextTryMs),
    ...(certificate ? [certificate.notAfterMs, renewalMomentMs(certificate, advice, renewAt)] : []),
  ];
}
