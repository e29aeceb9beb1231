import { alertsOf } from '../core/changes/attribute-alerts.js';
import type { Versions } from '../core/model/service-version.js';

/**
 * Adds changed services to the unchanged ones, half by half; answers those HAProxy rejects with what it says.
 *
 * @param unchanged versions HAProxy takes
 * @param changed versions of which some are rejected
 * @param checkWith what HAProxy prints about these versions
 */
export async function bisectRejected(
  unchanged: Versions,
  changed: Versions,
  checkWith: (versions: Versions) => Promise<string>,
): Promise<ReadonlyMap<string, string>> {
  const rejected = new Map<string, string>();
  let accepted = unchanged;
  async function add(names: readonly string[]): Promise<void> {
    const tried = new Map(accepted);
    for (const name of names) {
      const version = changed.get(name);
      if (version) tried.set(name, version);
    }
    const complaint = alertsOf(await checkWith(tried))[0];
    if (complaint === undefined) accepted = tried;
    else if (names.length === 1 && names[0] !== undefined) rejected.set(names[0], complaint);
    else {
      const middle = Math.ceil(names.length / 2);
      await add(names.slice(0, middle));
      await add(names.slice(middle));
    }
  }
  await add([...changed.keys()]);
  return rejected;
}
