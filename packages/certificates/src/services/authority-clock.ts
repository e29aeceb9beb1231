import type { Logger } from '@docker-flow/daemon/log/logger';

/** Time by which certificates are judged: ours, or that of the authority where ours is wrong. */
export interface AuthorityClock {
  nowMs(): number;
  /** What the authority says it is. */
  told(ms: number): void;
  /** How much the authority is ahead of us. */
  offsetMs(): number;
}

const TOLERATED_MS = 5 * 60_000;

/** @param systemMs the clock of this machine */
export function createAuthorityClock(systemMs: () => number, logger: Logger): AuthorityClock {
  let offsetMs = 0;
  let isWrong = false;
  return {
    nowMs: () => systemMs() + (isWrong ? offsetMs : 0),
    offsetMs: () => offsetMs,
    told(ms) {
      offsetMs = ms - systemMs();
      const was = isWrong;
      isWrong = Math.abs(offsetMs) > TOLERATED_MS;
      if (isWrong && !was)
        logger.warn('The clock of this machine differs from that of the authority, whose time counts', {
          seconds: Math.round(offsetMs / 1_000),
        });
    },
  };
}
