import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '@docker-flow/daemon/files/atomic-file';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { isServiceName } from '@docker-flow/labels';
import type { RenderedFiles } from '../core/files/render.js';
import { targetFileName } from '../core/services/service-scrape.js';
import type { ConfigurationFiles } from '../ports.js';

export interface FilePlaces {
  readonly config: string;
  readonly rules: string;
  readonly targetDirectory: string;
  /** Where the list of our own target files is kept, so that files of others are never deleted. */
  readonly targetList: string;
}

const WRITES_AT_ONCE = 16;

/** The generated files below the given places. */
export async function createConfigurationFiles(
  places: FilePlaces,
  logger: Logger,
): Promise<ConfigurationFiles> {
  let placed: RenderedFiles | undefined;
  /** Services whose target files were written by us, now or before a restart. */
  let own: ReadonlySet<string> = await readTargetList(places.targetList, logger);

  function targetFile(service: string): string {
    return path.join(places.targetDirectory, targetFileName(service));
  }

  async function rememberTargets(services: ReadonlySet<string>): Promise<void> {
    if (services.size === own.size && [...services].every((service) => own.has(service))) return;
    await writeFileAtomic(places.targetList, `${JSON.stringify([...services].sort(), undefined, 1)}\n`);
    own = services;
  }

  async function writeTargets(
    targets: RenderedFiles['targets'],
    before: RenderedFiles['targets'] | undefined,
  ): Promise<void> {
    await rememberTargets(new Set([...own, ...targets.keys()]));
    const changed = [...targets].filter(([service, text]) => before?.get(service) !== text);
    for (let i = 0; i < changed.length; i += WRITES_AT_ONCE)
      await Promise.all(
        changed
          .slice(i, i + WRITES_AT_ONCE)
          .map(([service, text]) => writeFileAtomic(targetFile(service), text)),
      );
  }

  async function deleteStaleTargets(targets: RenderedFiles['targets']): Promise<void> {
    for (const service of own) if (!targets.has(service)) await rm(targetFile(service), { force: true });
    await rememberTargets(new Set(targets.keys()));
  }

  return {
    placed: () => placed,
    async write(files) {
      const before = placed;
      // A failure in the middle leaves nothing that may be relied on.
      placed = undefined;
      await writeTargets(files.targets, before?.targets);
      if (files.rules !== undefined && files.rules !== before?.rules)
        await writeFileAtomic(places.rules, files.rules);
      if (files.config !== before?.config)
        await writeFileAtomic(places.config, files.config, { mode: files.isSecret === true ? 0o600 : 0o644 });
      await deleteStaleTargets(files.targets);
      if (files.rules === undefined) await rm(places.rules, { force: true });
      placed = files;
    },
  };
}

async function readTargetList(file: string, logger: Logger): Promise<ReadonlySet<string>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return new Set();
  }
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list))
      return new Set(list.filter((name): name is string => typeof name === 'string' && isServiceName(name)));
  } catch {
    // Told below.
  }
  logger.warn('The list of target files cannot be read; older target files are left alone', { file });
  return new Set();
}
