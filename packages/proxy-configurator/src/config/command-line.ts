import { parseArgs } from 'node:util';
import type { Environment } from '@docker-flow/daemon/config/environment';

export interface CommandLine {
  /** Variables that flags replace. */
  readonly environment: Environment;
  readonly configsPath: string | undefined;
  readonly templatesPath: string | undefined;
}

/** `server` with the flags of the original; a flag wins over its variable. Unknown flags are ignored. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    strict: false,
    options: {
      ip: { type: 'string', short: 'i' },
      port: { type: 'string', short: 'p' },
      'listener-address': { type: 'string', short: 'l' },
      'service-name': { type: 'string', short: 'n' },
      'configs-path': { type: 'string', short: 'c' },
      'templates-path': { type: 'string', short: 't' },
      'proxy-instance-name': { type: 'string' },
    },
  });
  const text = (name: keyof typeof values) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const named = {
    IP: text('ip'),
    PORT: text('port'),
    LISTENER_ADDRESS: text('listener-address'),
    SERVICE_NAME: text('service-name'),
    PROXY_INSTANCE_NAME: text('proxy-instance-name'),
  };
  return {
    environment: Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)),
    configsPath: text('configs-path'),
    templatesPath: text('templates-path'),
  };
}
