/** Noise of doubles: a number so close to a whole one counts as that one. */
const SLACK = 1e-9;

/** Rounds up, but a value that is whole except for noise is that whole number (0.1 + 0.2 over 0.1 is 3). */
export function ceil(value: number): number {
  return wholeOf(value) ?? Math.ceil(value);
}

/** Rounds down, noise aside. */
export function floor(value: number): number {
  return wholeOf(value) ?? Math.floor(value);
}

/** Rounds towards 0, noise aside. */
export function truncate(value: number): number {
  return wholeOf(value) ?? Math.trunc(value);
}

/** Whether a ratio of value to target is near enough to 1; both edges belong to it. */
export function isWithin(ratio: number, tolerance: { readonly up: number; readonly down: number }): boolean {
  const slack = slackOf(ratio);
  return ratio >= 1 - tolerance.down - slack && ratio <= 1 + tolerance.up + slack;
}

function wholeOf(value: number): number | undefined {
  const whole = Math.round(value);
  return Math.abs(value - whole) <= slackOf(value) ? whole : undefined;
}

function slackOf(value: number): number {
  return SLACK * Math.max(1, Math.abs(value));
}
