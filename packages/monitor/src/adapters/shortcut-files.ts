import { readFile } from 'node:fs/promises';
import type { FileRoot } from '@docker-flow/daemon/files/file-root';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { builtInShortcuts, type ShortcutSettings } from '../core/shortcuts/built-in-shortcuts.js';
import { readShortcutFile } from '../core/shortcuts/custom-shortcuts.js';
import type { Shortcut, Shortcuts } from '../core/shortcuts/shortcut.js';
import { readFilesIn } from './files-in-directory.js';

/** A file that, when it is there, takes the place of the built-in shortcuts. */
const REPLACEMENT = '/etc/dfm/shortcuts.yaml';
const SECRETS = '/run/secrets';

/** The built-in shortcuts, or the mounted file in their place, with those from `alertif` secrets laid over. */
export async function loadShortcuts({
  root,
  settings,
  logger,
}: {
  readonly root: FileRoot;
  readonly settings: ShortcutSettings;
  readonly logger: Logger;
}): Promise<Shortcuts> {
  const replacement = await readReplacement(root(REPLACEMENT), logger);
  const result = new Map<string, Shortcut>(
    replacement ? replacement.map((shortcut) => [shortcut.name, shortcut]) : builtInShortcuts(settings),
  );
  const files = await readFilesIn(
    root(SECRETS),
    (name) => /^alertif[-_]/i.test(name),
    (file, err) => logger.warn('Shortcuts cannot be read', { file, err }),
  );
  for (const { name, text } of files) {
    const shortcuts = readShortcutFile(text, name);
    if (!shortcuts) logger.warn('File is not a mapping of shortcuts and is skipped', { file: name });
    for (const shortcut of shortcuts ?? []) result.set(shortcut.name, shortcut);
  }
  return result;
}

async function readReplacement(file: string, logger: Logger): Promise<readonly Shortcut[] | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      logger.error('Shortcuts cannot be read, the built-in ones stay', { file, err: error });
    return undefined;
  }
  const shortcuts = readShortcutFile(text, file);
  if (!shortcuts) logger.error('File is not a mapping of shortcuts, the built-in ones stay', { file });
  return shortcuts;
}
