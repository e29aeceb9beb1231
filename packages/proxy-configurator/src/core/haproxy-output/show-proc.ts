/** Processes of a HAProxy master, as `show proc` on its socket tells them. */
export interface HaproxyProcesses {
  readonly master: number;
  /** Failed reloads since the last one that worked. */
  readonly failedReloads: number;
  readonly workers: readonly number[];
  /** Workers of earlier configurations that still have connections. */
  readonly oldWorkers: readonly number[];
}

interface Worker {
  readonly pid: number;
  /** How many reloads it has seen. */
  readonly reloads: number;
}

/** Reads the answer of `show proc`; `undefined` when it is none. */
export function readProcesses(text: string): HaproxyProcesses | undefined {
  const master = /^([0-9]+)\s+master\s+[0-9]+(?: \[failed: ([0-9]+)\])?/m.exec(text);
  if (!master) return undefined;
  const found: Record<'workers' | 'oldWorkers', Worker[]> = { workers: [], oldWorkers: [] };
  let section: keyof typeof found | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('# ')) {
      section = line === '# workers' ? 'workers' : line === '# old workers' ? 'oldWorkers' : undefined;
    }
    const [, pid, reloads] = /^([0-9]+)\s+worker\s+([0-9]+)/.exec(line) ?? [];
    if (section && pid !== undefined) found[section].push({ pid: Number(pid), reloads: Number(reloads) });
  }
  // After a reload that has failed HAProxy 3 shows the worker that goes on, the last to come, among the old ones.
  const serving = found.workers.length > 0 ? found.workers : newestOf(found.oldWorkers);
  return {
    master: Number(master[1]),
    failedReloads: Number(master[2] ?? 0),
    workers: serving.map(({ pid }) => pid),
    oldWorkers: found.oldWorkers.filter((one) => !serving.includes(one)).map(({ pid }) => pid),
  };
}

function newestOf(workers: readonly Worker[]): readonly Worker[] {
  return [...workers].sort((a, b) => a.reloads - b.reloads).slice(0, 1);
}
