/** What came of a number of requests. */
export interface TrafficResult {
  readonly sent: number;
  readonly failed: number;
  /** One example of what went wrong. */
  readonly failure: string | undefined;
}

export interface TrafficOptions {
  /** Called for each request. */
  readonly url: () => string;
  readonly count: number;
  readonly parallel: number;
  readonly timeoutMs?: number;
}

/** Sends requests, some at a time, and counts those that were not answered with a status below 500. */
export async function sendTraffic({
  url,
  count,
  parallel,
  timeoutMs = 10_000,
}: TrafficOptions): Promise<TrafficResult> {
  let begun = 0;
  let failed = 0;
  let failure: string | undefined;
  async function worker(): Promise<void> {
    while (begun < count) {
      begun += 1;
      try {
        const answer = await fetch(url(), { signal: AbortSignal.timeout(timeoutMs) });
        await answer.arrayBuffer();
        if (answer.status >= 500) throw new Error(`status ${answer.status}`);
      } catch (error) {
        failed += 1;
        failure ??= error instanceof Error ? error.message : String(error);
      }
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker));
  return { sent: count, failed, failure };
}
