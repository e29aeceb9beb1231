/**
 * Nonces that came with earlier answers of the authority (RFC 8555, section 6.5). acme-client asks for a new one before
 * each request: with these, half of all requests are saved.
 */
export interface Nonces {
  keep(nonce: string): void;
  /** One that was not used yet; `undefined` when there is none. */
  take(): string | undefined;
}

/** More than those of the orders under way are of no use. */
const MOST = 20;
/** Authorities forget them: an old one would only be refused. */
const LONGEST_MS = 60_000;

export function createNonces(nowMs: () => number): Nonces {
  let kept: readonly { readonly nonce: string; readonly atMs: number }[] = [];
  return {
    keep(nonce) {
      kept = [...kept, { nonce, atMs: nowMs() }].slice(-MOST);
    },
    take() {
      kept = kept.filter(({ atMs }) => Math.abs(nowMs() - atMs) < LONGEST_MS);
      const newest = kept.at(-1);
      kept = kept.slice(0, -1);
      return newest?.nonce;
    },
  };
}
