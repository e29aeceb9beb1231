import type { Logger } from '@docker-flow/daemon/log/logger';
import {
  certificateCommands,
  tookCertificate,
  type CertificateChange,
} from '../core/changes/certificate-changes.js';
import { additionCommands, removalCommand, type PlacedServer } from '../core/changes/server-additions.js';
import { serverChanges, type RunningServers } from '../core/changes/server-changes.js';
import { certifiedNamesCommands } from '../core/acme/certified-names.js';
import { tableChanges } from '../core/changes/table-changes.js';
import type { LiveTables } from '../core/model/directives.js';
import type { Haproxy, LoadableCertificates } from '../ports.js';
import { createRuntimeBackends, type RuntimeBackends } from './runtime-backends.js';

/** Changes that a running HAProxy takes over its socket, without a reload. Each answers whether it took them. */
export interface RuntimeChanges extends RuntimeBackends {
  /** Of servers that have another address. */
  moves(from: RunningServers, to: RunningServers): Promise<boolean>;
  /** Of servers that have no address any more. */
  rests(from: RunningServers, to: RunningServers): Promise<boolean>;
  /** Makes servers that are not there yet. */
  additions(servers: readonly PlacedServer[]): Promise<boolean>;
  /** Removes servers that rest, and answers which: one that still has a connection, and those before it, stay. */
  removals(servers: readonly PlacedServer[]): Promise<readonly PlacedServer[]>;
  certificates(change: CertificateChange): Promise<boolean>;
  /** Of tables whose entries change while HAProxy runs. */
  tables(from: LiveTables, to: LiveTables): Promise<boolean>;
  /** Of the table of names that have a valid certificate. */
  certified(from: readonly string[], to: readonly string[]): Promise<boolean>;
}

export interface RuntimeChangesDeps {
  readonly haproxy: Pick<Haproxy, 'command'>;
  readonly certificates: Pick<LoadableCertificates, 'read'>;
  readonly logger: Logger;
}

/** HAProxy reads so many commands at a time. */
const COMMANDS_PER_LINE = 50;
/** A line must fit into one of its buffers of 16 kB. */
const ADDITIONS_PER_LINE = 8;

export interface RuntimePaths {
  /** The generated list of certificates. */
  readonly certificateList: string;
  readonly certifiedNames: string;
}

export function createRuntimeChanges(
  { haproxy, certificates, logger }: RuntimeChangesDeps,
  { certificateList, certifiedNames }: RuntimePaths,
): RuntimeChanges {
  async function send(commands: readonly string[], what: string): Promise<boolean> {
    for (let at = 0; at < commands.length; at += COMMANDS_PER_LINE) {
      const answer = await haproxy.command(commands.slice(at, at + COMMANDS_PER_LINE).join(';'));
      if (/No such|not supported|only supported|Unknown|Permission|Require/i.test(answer)) {
        logger.warn(`HAProxy did not take ${what}, reloading instead`, { answer: answer.trim() });
        return false;
      }
    }
    return true;
  }

  async function add(servers: readonly PlacedServer[]): Promise<boolean> {
    for (let at = 0; at < servers.length; at += ADDITIONS_PER_LINE) {
      const some = servers.slice(at, at + ADDITIONS_PER_LINE);
      const answer = await haproxy.command(some.flatMap(additionCommands).join(';'));
      const said = answer.split('\n').filter((text) => text.trim() !== '');
      if (said.length === some.length && said.every((text) => text.startsWith('New server registered')))
        continue;
      logger.warn('HAProxy did not take new servers, reloading instead', { answer: answer.trim() });
      return false;
    }
    return true;
  }

  async function remove(servers: readonly PlacedServer[]): Promise<readonly PlacedServer[]> {
    const removed: PlacedServer[] = [];
    const kept = new Set<string>();
    for (const one of servers) {
      if (kept.has(one.section)) continue;
      const answer = await haproxy.command(removalCommand(one));
      if (answer.startsWith('Server deleted')) removed.push(one);
      else kept.add(one.section);
    }
    return removed;
  }

  const backends = createRuntimeBackends({ haproxy, logger });
  return {
    ...backends,
    additions: add,
    removals: remove,
    moves: (from, to) => send(serverChanges(from, to).moves, 'new addresses'),
    rests: (from, to) => send(serverChanges(from, to).rests, 'that servers rest'),
    tables: (from, to) => send(tableChanges(from, to), 'new entries of a table'),
    certified: (from, to) =>
      send(certifiedNamesCommands(certifiedNames, from, to), 'the names that have a certificate'),
    async certificates(change) {
      if (change.kind !== 'runtime') return change.kind === 'none';
      for (const file of [...change.renewed, ...change.added]) {
        const list = change.added.includes(file) ? certificateList : undefined;
        for (const command of certificateCommands(file, await certificates.read(file), list)) {
          const answer = await haproxy.command(command);
          if (tookCertificate(answer)) continue;
          logger.warn('HAProxy did not take a certificate, reloading instead', { answer: answer.trim() });
          return false;
        }
      }
      return true;
    },
  };
}
