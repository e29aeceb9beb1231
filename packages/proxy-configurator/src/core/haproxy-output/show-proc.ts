/** Processes of a HAProxy master, as `show proc` on its socket tells them. */
export interface HaproxyProcesses {
  readonly master: number;
  /** Failed reloads since the last one that worked. */
  readonly failedReloads: number;
  readonly workers: readonly number[];
  /** Workers of earlier configurations that still have connections. */
  readonly oldWorkers: readonly number[];
}

/** Reads the answer of `show proc`; `undefined` when it is none. */
export function readProcesses(text: string): HaproxyProcesses | undefined {
  const master = /^([0-9]+)\s+master\s+[0-9]+(?: \[failed: ([0-9]+)\])?/m.exec(text);
  if (!master) return undefined;
  const pids: Record<'workers' | 'oldWorkers', number[]> = { workers: [], oldWorkers: [] };
  let section: keyof typeof pids | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('# ')) {
      section = line === '# workers' ? 'workers' : line === '# old workers' ? 'oldWorkers' : undefined;
    }
    const pid = /^([0-9]+)\s+worker\b/.exec(line)?.[1];
    if (pid !== undefined && section) pids[section].push(Number(pid));
  }
  return { master: Number(master[1]), failedReloads: Number(master[2] ?? 0), ...pids };
}
