import { line, type Line } from './directives.js';
import type { Settings } from './settings.js';

/** Whose rights the workers take; nothing where the operator says it in a section `global` of his own. */
export function workerLines({ worker, extraGlobal }: Settings, ownGlobal = ''): readonly Line[] {
  const own = [...extraGlobal, ...linesOfGlobal(ownGlobal)];
  if (!worker || own.some((text) => /^\s*(?:user|uid|group|gid)\s/.test(text))) return [];
  return [line('user', worker.user), line('group', worker.group)];
}

/** `user` means something else in other sections. */
function linesOfGlobal(config: string): readonly string[] {
  const lines: string[] = [];
  let isGlobal = false;
  for (const text of config.split('\n')) {
    if (/^\S/.test(text) && !text.startsWith('#')) isGlobal = /^global\b/.test(text);
    else if (isGlobal) lines.push(text);
  }
  return lines;
}

/** A socket that workers connect to belongs to them. */
export function ownerOfSocket({ worker }: Settings): readonly string[] {
  return worker ? ['user', worker.user, 'group', worker.group] : [];
}
