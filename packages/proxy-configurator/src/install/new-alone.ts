import type { Versions } from '../core/model/service-version.js';
import type { ConfigFiles, Haproxy } from '../ports.js';
import type { Candidates } from './candidates.js';
import type { Rendering } from './rendering.js';

export interface NewAloneDeps {
  readonly files: Pick<ConfigFiles, 'stage'>;
  readonly haproxy: Pick<Haproxy, 'check'>;
  readonly rendering: Pick<Rendering, 'renderAlone'>;
}

/** With fewer services a check of all of them costs next to nothing. */
const MANY_SERVICES = 200;
/** Of all services: a check of more than these is not much cheaper than one of all. */
const FEW_SHARE = 0.1;

/** What is asked about services without all others. What was staged is another one after each question. */
export interface NewAlone {
  /** Whether HAProxy takes what is new. False where that cannot be told from the others. */
  isTaken(fresh: Versions): Promise<boolean>;
  /**
   * Whether little is new among many services, and HAProxy takes that. A check of everything takes about as long as the
   * reload, which finds what is wrong with the whole, too, and leaves what runs alone. Whoever relies on it must put the
   * configuration before back when the reload refuses.
   *
   * @param awaited services that begin to wait for an address, which are new as well
   */
  isEnough(candidates: Candidates, awaited: Versions): Promise<boolean>;
}

export function createNewAlone({ files, haproxy, rendering }: NewAloneDeps): NewAlone {
  async function isTaken(fresh: Versions): Promise<boolean> {
    const alone = rendering.renderAlone(fresh);
    // Such tables keep their file, which has to hold what is there for all services.
    if (alone.live.size > 0 || alone.forScripts.size > 0) return false;
    return (await haproxy.check(await files.stage(alone))).ok;
  }

  return {
    isTaken,
    async isEnough(candidates, awaited) {
      const fresh = new Map([...candidates.fresh(), ...awaited]);
      const { size } = candidates.versions;
      if (fresh.size === 0 || size < MANY_SERVICES || fresh.size > size * FEW_SHARE) return false;
      return isTaken(fresh);
    },
  };
}
