import { PROXY_LABELS as LABELS } from '../../catalogue/proxy.js';
import type { ParameterReader } from './parameter-reader.js';
import type { ForwardAuth } from './proxy-service.js';

const TIMEOUT_SECONDS = 2;

/** The auth server of a destination. All its labels are read, so that none that cannot be read is passed over. */
export function readForwardAuth(reader: ParameterReader, index: number): ForwardAuth | undefined {
  const url = reader.read(LABELS.authUrl, index);
  const signin = reader.read(LABELS.authSignin, index);
  const requestHeaders = reader.read(LABELS.authRequestHeaders, index) ?? ['*'];
  const responseHeaders = reader.read(LABELS.authResponseHeaders, index) ?? [];
  const except = reader.read(LABELS.authExcept, index) ?? [];
  const timeoutSeconds = reader.read(LABELS.authTimeout, index) ?? TIMEOUT_SECONDS;
  if (url === undefined) return undefined;
  return {
    url,
    signin,
    requestHeaders: requestHeaders.includes('*') ? undefined : requestHeaders,
    responseHeaders,
    except,
    timeoutSeconds,
  };
}
