import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { NewBackend, OldBackend } from '../core/changes/backend-changes.js';
import type { ChangedTable } from '../core/changes/table-rounds.js';
import {
  begunVersion,
  commandLines,
  connectionsQuestion,
  fillCommands,
  hasConnections,
  isBackendGone,
  loadedTable,
  newBackendCommands,
  offersBackends,
  removeBackendCommands,
  tookNewBackend,
  unpublishCommand,
} from '../core/changes/backend-commands.js';
import type { Haproxy } from '../ports.js';

/** Whole backends that come and go while HAProxy runs, and the tables that lead to them. */
export interface RuntimeBackends {
  /** Makes backends that are not there yet, which HAProxy does from 3.4 on. */
  newBackends(backends: readonly NewBackend[]): Promise<boolean>;
  /** Takes backends out of service, and removes those that no request is under way to; the others some time later. */
  oldBackends(backends: readonly OldBackend[]): Promise<void>;
  /** Gives tables other entries, each at once. */
  lookups(tables: readonly ChangedTable[]): Promise<boolean>;
  /** A new worker has taken over: what waited in the old one is over. */
  reloaded(): void;
}

/** Says it over the socket of the HAProxy that runs, which is asked once whether it knows how. */
export function createRuntimeBackends({
  haproxy,
  logger,
}: {
  readonly haproxy: Pick<Haproxy, 'command'>;
  readonly logger: Logger;
}): RuntimeBackends {
  /** Until HAProxy was asked, nobody knows. */
  let isOffered: boolean | undefined;
  /** Backends out of service that still have something to do. */
  const leftovers = new Map<string, OldBackend>();

  async function isPossible(): Promise<boolean> {
    isOffered ??= offersBackends(await haproxy.command('help add backend'));
    return isOffered;
  }

  async function removeLeftovers(): Promise<void> {
    for (const [name, backend] of leftovers) {
      if (hasConnections(await haproxy.command(connectionsQuestion(backend)))) continue;
      if (isBackendGone(await say(removeBackendCommands(backend)))) leftovers.delete(name);
    }
  }

  async function say(commands: readonly string[]): Promise<string> {
    let answer = '';
    for (const line of commandLines(commands)) answer += `${await haproxy.command(line)}\n`;
    return answer;
  }

  async function replace(table: ChangedTable, maps: string): Promise<boolean> {
    const file = loadedTable(maps, table.name);
    if (file === undefined) return refused('HAProxy does not have a table', table.name);
    const begun = await haproxy.command(`prepare map ${file}`);
    const version = begunVersion(begun);
    if (version === undefined) return refused('HAProxy does not begin a table anew', begun);
    for (const command of [...fillCommands(table, file, version), `commit map @${version} ${file}`]) {
      const answer = await haproxy.command(command);
      if (answer.trim() !== '') return refused('HAProxy does not take entries of a table', answer);
    }
    return true;
  }

  function refused(what: string, answer: string): false {
    logger.warn(`${what}, reloading instead`, { answer: answer.trim() });
    return false;
  }

  return {
    async newBackends(backends) {
      if (backends.length === 0) return true;
      if (!(await isPossible())) return false;
      await removeLeftovers();
      for (const backend of backends) {
        const answer = await say(newBackendCommands(backend));
        if (tookNewBackend(answer, backend)) continue;
        return refused('HAProxy did not take a new backend', answer);
      }
      return true;
    },
    async lookups(tables) {
      if (tables.length === 0) return true;
      const maps = await haproxy.command('show map');
      for (const table of tables) if (!(await replace(table, maps))) return false;
      return true;
    },
    reloaded: () => leftovers.clear(),
    async oldBackends(backends) {
      try {
        for (const backend of backends) {
          await haproxy.command(unpublishCommand(backend));
          leftovers.set(backend.name, backend);
        }
        await removeLeftovers();
      } catch (error) {
        logger.warn('Backends that nothing leads to stay until the next reload', {
          reason: messageOf(error),
        });
      }
    },
  };
}
