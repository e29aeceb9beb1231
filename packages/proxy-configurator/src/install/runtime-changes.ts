import type { Logger } from '@docker-flow/daemon/log/logger';
import {
  certificateCommands,
  tookCertificate,
  type CertificateChange,
} from '../core/changes/certificate-changes.js';
import { serverChanges, type RunningServers } from '../core/changes/server-changes.js';
import type { Haproxy, LoadableCertificates } from '../ports.js';

/** Changes that a running HAProxy takes over its socket, without a reload. Each answers whether it took them. */
export interface RuntimeChanges {
  addresses(from: RunningServers, to: RunningServers): Promise<boolean>;
  certificates(change: CertificateChange): Promise<boolean>;
}

export interface RuntimeChangesDeps {
  readonly haproxy: Pick<Haproxy, 'command'>;
  readonly certificates: Pick<LoadableCertificates, 'read'>;
  readonly logger: Logger;
}

/** HAProxy reads so many commands at a time. */
const COMMANDS_PER_LINE = 50;

/** @param certificateList path of the generated list of certificates */
export function createRuntimeChanges(
  { haproxy, certificates, logger }: RuntimeChangesDeps,
  certificateList: string,
): RuntimeChanges {
  return {
    async addresses(from, to) {
      const commands = serverChanges(from, to);
      for (let at = 0; at < commands.length; at += COMMANDS_PER_LINE) {
        const answer = await haproxy.command(commands.slice(at, at + COMMANDS_PER_LINE).join(';'));
        if (/No such|not supported|only supported|Unknown|Permission|Require/i.test(answer)) {
          logger.warn('HAProxy did not take new addresses, reloading instead', { answer: answer.trim() });
          return false;
        }
      }
      return true;
    },
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
