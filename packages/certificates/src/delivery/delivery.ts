import { messageOf } from '@docker-flow/daemon/errors';
import type { IssuedCertificate } from '../core/model/certificate-record.js';
import { covers } from '../core/names/covers.js';
import type { Certificates, ClaimResult, Proxies, WallClock } from '../ports.js';
import { isOwnFile, unknownRecord, type Book } from '../store/book.js';
import { createOwnership, type OwnershipOptions } from './ownership.js';
import { unseen, withFile, type ProxyFile, type ProxyView } from './proxy-view.js';

export interface DeliveryDeps extends OwnershipOptions {
  readonly proxies: Proxies;
  readonly book: Book;
  readonly certificates: Certificates;
  readonly clock: WallClock;
}

/** The certificates on the replicas of the proxy. */
export interface Delivery {
  /** Looks at every replica once: claims it, reads back what is newer there, sends what is missing. */
  look(signal: AbortSignal): Promise<void>;
  /** Hands a new certificate to all replicas. */
  deliver(certName: string): Promise<void>;
  /** Removes a certificate from all replicas; forgets it when none has it any more. */
  withdraw(certName: string): Promise<void>;
  /** Ends the ownership. */
  release(): Promise<void>;
  readonly views: () => readonly ProxyView[];
  /** Who else owns the proxies. */
  standsBy(): string | undefined;
  /** Why no order may be placed, as far as the proxies go. */
  condition(): string | undefined;
  isDelivered(certName: string): boolean;
  /** Replicas that lack a certificate, or have an older one. */
  missing(view: ProxyView): readonly string[];
  refusal(certName: string): string | undefined;
  /** Certificates of others on the proxies that cover one of these names too. */
  foreign(names: readonly string[]): readonly string[];
}

const DAY_MS = 86_400_000;
const REFUSED_AGAIN_MS = 60_000;

export function createDelivery(deps: DeliveryDeps): Delivery {
  const { proxies, book, certificates, clock, logger } = deps;
  let views = new Map<string, ProxyView>();
  let hasLooked = false;
  const ownership = createOwnership(deps);

  const reachable = () => [...views.values()].filter(({ problem }) => problem === undefined);

  function change(address: string, make: (view: ProxyView) => ProxyView): void {
    const view = views.get(address);
    if (view) views.set(address, make(view));
  }

  /** Of a replica that is new to us: where its certificates came from, before we say where ours come from. */
  async function directoryOf(address: string): Promise<string | undefined> {
    return (await proxies.challenges(address)).directory;
  }

  async function readFiles(address: string, directory: string | undefined): Promise<void> {
    const view = views.get(address);
    const fingerprint = await proxies.fingerprint(address);
    if (view?.problem === undefined && fingerprint !== undefined && fingerprint === view?.fingerprint) return;
    const files = new Map<string, ProxyFile>();
    const foreign = new Map<string, ProxyFile>();
    for (const [certName, pem] of await proxies.certificates(address)) {
      const facts = read(pem);
      if (!facts) continue;
      const isOwn = isOwnFile(certName);
      (isOwn ? files : foreign).set(certName, facts);
      if (isOwn) await readBack(certName, pem, { ...facts, directory });
    }
    change(address, (one) => ({ ...one, problem: undefined, fingerprint, files, foreign }));
  }

  function read(pem: string): Omit<IssuedCertificate, 'directory'> | undefined {
    try {
      return certificates.read(pem);
    } catch {
      return undefined;
    }
  }

  /** What the replica has and we lack, or what is newer than ours. */
  async function readBack(certName: string, pem: string, theirs: IssuedCertificate): Promise<void> {
    const record = book.get(certName);
    const ours = record?.certificate;
    const isOld = theirs.notAfterMs + DAY_MS < clock.nowMs();
    if (!record && isOld) return;
    const isNewer = !ours || theirs.notBeforeMs > ours.notBeforeMs;
    const isMore = ours?.serial === theirs.serial && theirs.hasKey && !ours.hasKey;
    if (!isNewer && !isMore) return;
    if (theirs.hasKey) await book.putPem(certName, pem);
    const known = record ?? { ...unknownRecord(certName), wanted: theirs.names };
    // Nobody knows where it came from: then it counts as ours.
    await book.put({
      ...known,
      certificate: {
        ...theirs,
        directory: ours?.serial === theirs.serial ? ours.directory : theirs.directory,
      },
      advice: undefined,
    });
    logger.info('Certificate is read back from a proxy', { certificate: certName, withKey: theirs.hasKey });
  }

  async function sendMissing(address: string): Promise<void> {
    for (const certName of missing(views.get(address) ?? unseen(address))) {
      const refusal = views.get(address)?.refusals.get(certName);
      const isFresh = refusal?.serial !== book.get(certName)?.certificate?.serial;
      if (isFresh || clock.nowMs() - (refusal?.atMs ?? 0) > REFUSED_AGAIN_MS)
        await send(address, certName, false);
    }
    for (const [certName, file] of views.get(address)?.files ?? []) {
      if (!book.get(certName) && file.notAfterMs + DAY_MS < clock.nowMs())
        await removeFrom(address, certName);
    }
  }

  /** True when the replica has it. */
  async function send(address: string, certName: string, distribute: boolean): Promise<boolean> {
    const certificate = book.get(certName)?.certificate;
    const pem = book.pem(certName);
    if (!certificate || pem === undefined) return false;
    try {
      const reason = await proxies.store(address, certName, pem, distribute);
      const { serial } = certificate;
      change(address, (view) =>
        reason === undefined
          ? { ...withFile(view, certName, certificate), fingerprint: undefined }
          : {
              ...view,
              refusals: new Map([...view.refusals, [certName, { serial, reason, atMs: clock.nowMs() }]]),
            },
      );
      if (reason === undefined)
        logger.info('Certificate is delivered', { certificate: certName, proxy: address });
      else if (!distribute)
        logger.warn('A proxy refuses a certificate', { certificate: certName, proxy: address, reason });
      return reason === undefined;
    } catch (error) {
      logger.warn('A proxy cannot be reached', { proxy: address, reason: messageOf(error) });
      return false;
    }
  }

  async function removeFrom(address: string, certName: string): Promise<void> {
    await proxies.remove(address, certName).then(
      () => change(address, (view) => ({ ...withFile(view, certName, undefined), fingerprint: undefined })),
      (error: unknown) =>
        logger.warn('A certificate could not be removed from a proxy', {
          certificate: certName,
          proxy: address,
          reason: messageOf(error),
        }),
    );
  }

  /** Whether a replica should be sent a certificate. */
  function lacks(view: ProxyView, certName: string): boolean {
    const certificate = book.get(certName)?.certificate;
    if (!certificate || book.pem(certName) === undefined) return false;
    const file = view.files.get(certName);
    return !file || (file.serial !== certificate.serial && file.notBeforeMs <= certificate.notBeforeMs);
  }

  function missing(view: ProxyView): readonly string[] {
    return book
      .list()
      .filter(({ certName }) => lacks(view, certName))
      .map(({ certName }) => certName);
  }

  async function lookAt(address: string, claimed: ClaimResult | Error | undefined): Promise<void> {
    if (claimed instanceof Error) throw claimed;
    await readFiles(address, directories.get(address));
    change(address, (view) => ({
      ...view,
      isLive: claimed?.kind === 'live',
      notLive: claimed?.kind === 'refused' ? claimed.reason : undefined,
    }));
    if (ownership.standsBy() === undefined) await sendMissing(address);
  }

  const directories = new Map<string, string | undefined>();

  return {
    async look(signal) {
      const addresses = await proxies.addresses(signal);
      for (const address of views.keys()) if (!addresses.includes(address)) directories.delete(address);
      views = new Map(addresses.map((address) => [address, views.get(address) ?? unseen(address)]));
      const failures = new Map<string, Error>();
      for (const address of addresses) {
        if (directories.has(address)) continue;
        try {
          directories.set(address, await directoryOf(address));
        } catch (error) {
          failures.set(address, error instanceof Error ? error : new Error(messageOf(error)));
        }
      }
      const claimed = await ownership.claim(addresses.filter((address) => !failures.has(address)));
      await Promise.all(
        addresses.map(async (address) => {
          try {
            await lookAt(address, failures.get(address) ?? claimed.get(address));
          } catch (error) {
            change(address, (view) => ({ ...view, problem: messageOf(error), isLive: false }));
            directories.delete(address);
          }
        }),
      );
      hasLooked = true;
    },
    async deliver(certName) {
      const [first] = reachable();
      if (!first) return;
      const isEverywhere = reachable().length > 1 && (await send(first.address, certName, true));
      const certificate = book.get(certName)?.certificate;
      if (isEverywhere && certificate) {
        for (const { address } of reachable())
          change(address, (view) => ({ ...withFile(view, certName, certificate), fingerprint: undefined }));
        return;
      }
      await Promise.all(
        reachable()
          .filter((view) => lacks(view, certName))
          .map(({ address }) => send(address, certName, false)),
      );
    },
    async withdraw(certName) {
      const having = reachable().filter(({ files }) => files.has(certName));
      await Promise.all(having.map(({ address }) => removeFrom(address, certName)));
      if (reachable().every(({ files }) => !files.has(certName))) await book.remove(certName);
    },
    release: () =>
      ownership.standsBy() === undefined ? ownership.release([...views.keys()]) : Promise.resolve(),
    views: () => [...views.values()],
    standsBy: () => ownership.standsBy(),
    condition() {
      if (!hasLooked) return 'the proxies have not been looked at yet';
      const other = ownership.standsBy();
      if (other !== undefined) return `standing by: ${other} is the owner of the proxies`;
      const seen = reachable();
      if (seen.length === 0) return 'there is no proxy that could answer the authority';
      const dead = seen.find(({ isLive }) => !isLive);
      return (
        dead &&
        `the proxy ${dead.address} does not answer for our account: ${dead.notLive ?? 'not asked yet'}`
      );
    },
    isDelivered: (certName) => {
      const seen = [...views.values()];
      return seen.length > 0 && seen.every((view) => view.files.has(certName) && !lacks(view, certName));
    },
    missing,
    refusal: (certName) => {
      const found = [...views.values()].find(({ refusals }) => refusals.has(certName));
      const reason = found?.refusals.get(certName)?.reason;
      return found && `undelivered: the proxy ${found.address} refuses it: ${reason ?? ''}`;
    },
    foreign: (names) => {
      const others = reachable().flatMap(({ foreign }) => [...foreign]);
      const covering = others.filter(([, file]) => names.some((name) => covers(file.names, name)));
      return [...new Set(covering.map(([certName]) => certName))];
    },
  };
}
