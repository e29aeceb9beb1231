import { isMapping, type YamlValue } from '../text/yaml.js';

/** Keys of Prometheus's configuration whose values nobody else on the machine may read. */
const SECRET_KEY =
  /(?:^|_)(?:password|passphrase|token|secret|secret_key|credentials|api_key|access_key|account_key|shared_key)$/;
const USER_INFO = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*@/i;
/** Headers of remote storage: `Authorization`, and whatever others are called that open a door. */
const HEADERS = new Set(['headers', 'http_headers']);

/** Whether a configuration holds passwords and the like, also within addresses; names of files that hold them are none. */
export function holdsSecrets(value: YamlValue, key = ''): boolean {
  if (Array.isArray(value)) return value.some((item: YamlValue) => holdsSecrets(item, key));
  if (isMapping(value))
    return Object.entries(value).some(
      ([name, entry]) => entry !== undefined && (HEADERS.has(name) || holdsSecrets(entry, name)),
    );
  return SECRET_KEY.test(key) || (typeof value === 'string' && USER_INFO.test(value));
}
