/** What HAProxy says it is. */
export type Version = readonly [major: number, minor: number];

/** Since when HAProxy makes and removes whole backends while it runs without calling that an experiment. */
const TAKES_BACKENDS: Version = [3, 4];

export function isAtLeast([major, minor]: Version, [leastMajor, leastMinor]: Version): boolean {
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/** Whether services can come and go without a reload, as far as the version tells. */
export function takesBackends(version: Version): boolean {
  return isAtLeast(version, TAKES_BACKENDS);
}
