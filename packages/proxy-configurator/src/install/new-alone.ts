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

/**
 * Answers whether little is new among many services, and HAProxy takes that on its own. A check of everything takes about
 * as long as the reload, which finds what is wrong with the whole, too, and leaves what runs alone. Whoever relies on it
 * must put the configuration before back when the reload refuses. What was staged is another one afterwards.
 */
export function createNewAlone({ files, haproxy, rendering }: NewAloneDeps) {
  return async (candidates: Candidates): Promise<boolean> => {
    const fresh = candidates.fresh();
    const { size } = candidates.versions;
    if (fresh.size === 0 || size < MANY_SERVICES || fresh.size > size * FEW_SHARE) return false;
    const alone = rendering.renderAlone(fresh);
    // Such tables keep their file, which has to hold what is there for all services.
    if (alone.live.size > 0 || alone.forScripts.size > 0) return false;
    return (await haproxy.check(await files.stage(alone))).ok;
  };
}
