/** So that a condition that never comes true ends its test with a reason, and its polling too. */
const LONGEST_MS = 120_000;

/** Waits for the very thing that is asserted next; never for a time. @throws {Error} when it does not come */
export async function until(condition: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + LONGEST_MS;
  while (!condition()) {
    if (Date.now() > deadlineMs) throw new Error(`waited in vain for ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
