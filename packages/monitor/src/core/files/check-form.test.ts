import { describe, expect, test } from '@jest/globals';
import { configForCheck, namesFiles } from './check-form.js';

const places = {
  targetDirectory: '/scratch/file_sd',
  emptyFile: '/scratch/any',
  root: (file: string) => `/root${file}`,
};

describe('the configuration as promtool sees it', () => {
  test('finds target files in the scratch directory', () => {
    const job = { job_name: 'a', file_sd_configs: [{ files: ['/etc/prometheus/file_sd/a.json'] }] };
    expect(configForCheck({ scrape_configs: [job] }, places)).toEqual({
      scrape_configs: [{ job_name: 'a', file_sd_configs: [{ files: ['/scratch/file_sd/a.json'] }] }],
    });
  });

  test('finds files of users below the root, and does not miss those that are read later', () => {
    const entry = {
      url: 'http://w',
      tls_config: { ca_file: '/ca.pem' },
      bearer_token_file: '/run/secrets/t',
    };
    expect(configForCheck({ remote_write: [entry] }, places)).toEqual({
      remote_write: [
        { url: 'http://w', tls_config: { ca_file: '/root/ca.pem' }, bearer_token_file: '/scratch/any' },
      ],
    });
  });

  test('is the very same object when it names no files', () => {
    const config = { global: { scrape_interval: '10s' }, scrape_configs: [{ job_name: 'a' }] };
    expect(configForCheck(config, places)).toBe(config);
  });
});

test.each([
  [{ job_name: 'a', static_configs: [{ targets: ['a:1'] }] }, false],
  [{ job_name: 'a', file_sd_configs: [{ files: ['/x'] }] }, true],
  [{ job_name: 'a', tls_config: { ca_file: '/x' } }, true],
  [{ job_name: 'a', tls_config: { ca_file: undefined } }, false],
  [{}, false],
])('%j names files: %s', (value, names) => expect(namesFiles(value)).toBe(names));
