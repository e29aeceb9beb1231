/** Puts `DF_FS_ROOT` before a path that is built into a program. */
export type FileRoot = (path: string) => string;

/** `prefix` is the value of `DF_FS_ROOT`; empty or undefined changes nothing. */
export function fileRoot(prefix: string | undefined): FileRoot {
  const root = (prefix ?? '').replace(/\/+$/, '');
  return (path) => `${root}${path}`;
}
