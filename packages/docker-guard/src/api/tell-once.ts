const MAX_REMEMBERED = 200;

/** Whether something is told for the first time; a flood of different things is told up to a limit. */
export function createTellOnce(): (what: string) => boolean {
  const told = new Set<string>();
  return (what) => {
    if (told.has(what) || told.size >= MAX_REMEMBERED) return false;
    told.add(what);
    return true;
  };
}
