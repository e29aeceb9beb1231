import { listenerUrl } from '@docker-flow/daemon/feed/listener-client';
import type { Scaler } from '../core/model/settings.js';

const PORTS = { http: 80, https: 443 };
const URL_OF_A_SCALER =
  /^(https?):\/\/(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_.-]+))(?::([0-9]{1,5}))?((?:\/[!-"$-;=->@-~]*)?)$/;

/** Name, `host:port` (without port 8080) or URL; `undefined` when it is none of them. */
export function readScalerAddress(address: string): Scaler | undefined {
  const found = URL_OF_A_SCALER.exec(listenerUrl(address));
  if (!found) return undefined;
  const [, scheme, inBrackets, name = '', port, path = ''] = found;
  const tls = scheme === 'https';
  const number = port === undefined ? PORTS[tls ? 'https' : 'http'] : Number(port);
  if (number < 1 || number > 65_535) return undefined;
  return { host: (inBrackets ?? name).toLowerCase(), port: number, tls, path };
}
