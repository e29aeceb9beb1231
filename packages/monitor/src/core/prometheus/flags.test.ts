import { expect, test } from '@jest/globals';
import { flagsFromEnvironment, formatFlags } from './flags.js';

function argumentsOf(environment: Record<string, string>): readonly string[] {
  return formatFlags(flagsFromEnvironment(environment).flags);
}

const CONFIG = '--config.file=/etc/prometheus/prometheus.yml';

test.each<[Record<string, string>, string[]]>([
  [{}, [CONFIG]],
  [{ ARG_CONFIG_FILE: '' }, [CONFIG]],
  [{ ARG_CONFIG_FILE: '/x.yml' }, ['--config.file=/x.yml']],
  [{ 'ARG_WEB_EXTERNAL-URL': 'http://h/?a=b' }, [CONFIG, '--web.external-url=http://h/?a=b']],
  [{ 'ARG_WEB_ENABLE-ADMIN-API': '' }, [CONFIG, '--web.enable-admin-api']],
  [{ 'ARG_WEB_ENABLE-LIFECYCLE': 'true' }, [CONFIG, '--web.enable-lifecycle']],
  [{ 'ARG_WEB_ENABLE-LIFECYCLE': 'false' }, [CONFIG, '--no-web.enable-lifecycle']],
  [{ 'ARG_WEB_ENABLE-REMOTE-SHUTDOWN': 'true' }, [CONFIG, '--web.enable-lifecycle']],
  [{ 'ARG_WEB_ENABLE-REMOTE-SHUTDOWN': 'yes' }, [CONFIG]],
  [{ 'ARG_QUERY_STALENESS-DELTA': '4m' }, [CONFIG, '--query.lookback-delta=4m']],
  [{ ARG_ALERTMANAGER_URL: 'http://am', ARG_ALERTMANAGER_URL_FILE: '/x', ARG_: 'x', arg_x: 'y' }, [CONFIG]],
  [{ 'ARG_WEB_PAGE-TITLE': 'a "b" $HOME `id`; c' }, [CONFIG, '--web.page-title=a "b" $HOME `id`; c']],
])('%j gives %j', (environment, expected) => expect(argumentsOf(environment)).toEqual(expected));

test.each<[string, Record<string, string>, string]>([
  [
    'an old name wins over the default of the image',
    { ARG_STORAGE_LOCAL_PATH: '/data', ARG_STORAGE_TSDB_PATH: '/prometheus' },
    '--storage.tsdb.path=/data',
  ],
  [
    'the current name wins when a user has set it',
    { ARG_STORAGE_LOCAL_PATH: '/data', ARG_STORAGE_TSDB_PATH: '/own' },
    '--storage.tsdb.path=/own',
  ],
  [
    'the default of the image stays alone',
    { ARG_STORAGE_TSDB_PATH: '/prometheus' },
    '--storage.tsdb.path=/prometheus',
  ],
  [
    'the newer of two old names wins',
    { ARG_STORAGE_LOCAL_RETENTION: '1d', ARG_STORAGE_TSDB_RETENTION: '2d' },
    '--storage.tsdb.retention.time=2d',
  ],
  [
    'the current name wins over old ones',
    { ARG_STORAGE_TSDB_RETENTION: '2d', ARG_STORAGE_TSDB_RETENTION_TIME: '3d' },
    '--storage.tsdb.retention.time=3d',
  ],
])('%s', (_claim, environment, expected) => expect(argumentsOf(environment)).toEqual([CONFIG, expected]));

test('flags that no current server accepts are dropped with a warning', () => {
  const environment = { 'ARG_STORAGE_TSDB_NO-LOCKFILE': '', ARG_ALERTMANAGER_TIMEOUT: '1s' };
  const { flags, warnings } = flagsFromEnvironment(environment);
  expect(flags.map(({ name }) => name)).toEqual(['config.file']);
  expect(warnings).toHaveLength(2);
});
