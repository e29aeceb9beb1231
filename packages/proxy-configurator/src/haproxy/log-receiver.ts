import { createSocket } from 'node:dgram';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';

const ADDRESS = '127.0.0.1';
const PORT = 1514;
/** `<134>Nov 22 18:16:00 haproxy[12]: text`: priority and time are dropped. */
const SYSLOG = /^<[0-9]+>(?:[A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} )?([\s\S]*)$/;

/**
 * Receives what HAProxy logs over UDP and prints each line as `HAPRoxy: <tag><text>` (sic: people search
 * for it).
 */
export function logReceiver(logger: Logger): Actor {
  return {
    name: 'log-receiver',
    run(signal) {
      return new Promise<void>((resolve) => {
        const socket = createSocket('udp4');
        socket.on('message', (message) => {
          const text = message.toString('utf8').trimEnd();
          logger.info(`HAPRoxy: ${SYSLOG.exec(text)?.[1] ?? text}`);
        });
        socket.on('error', (error) => {
          logger.error('The log of HAProxy cannot be received', { err: error, port: PORT });
        });
        socket.bind(PORT, ADDRESS);
        const close = () => socket.close(() => resolve());
        if (signal.aborted) close();
        else signal.addEventListener('abort', close, { once: true });
      });
    },
  };
}
