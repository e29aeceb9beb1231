import type { Settings } from '../model/settings.js';

/** What `:ssl` stands for. */
export function tlsBindOptions({
  paths,
  http2,
  caFile,
}: Pick<Settings, 'paths' | 'http2' | 'caFile'>): string {
  const alpn = http2 ? 'h2,http/1.1' : 'http/1.1';
  const verify = caFile === '' ? '' : ` ca-file ${caFile} verify optional`;
  return `ssl crt-list ${paths.certificateList} alpn ${alpn}${verify}`;
}
