import { matching } from './pattern.js';

const HOST =
  '(?:(?![^/?\\s]*\\.\\.)[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]{2,45}\\])';
/** What stands behind a host; no fragment, which is never sent, and nothing that a URL has to encode. */
const REST = `(?:[/?][!$%&'()*+,./:;=?@A-Za-z0-9_~-]{0,2000})?`;
const REST_WITH_PLACE = `(?:[/?](?:\\{url\\}|[!$%&'()*+,./:;=?@A-Za-z0-9_~-]){0,2000})?`;
const PORT =
  '(?::(?!0+(?![0-9]))(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?';

/** Where a server is asked. */
export const serverUrl = matching({
  name: 'URL',
  words: 'URL with `http` or `https`, host, port, path and query',
  pattern: `https?://${HOST}${PORT}${REST}`,
  problem: 'is not a URL of a server',
  expected: 'a URL such as http://authelia:9091/api/authz/forward-auth',
});

/** Where browsers are sent; `{url}` stands for the address they asked for. */
export const signinUrl = matching({
  name: 'URL with place',
  words: 'URL with `http` or `https`; `{url}` in its path or query stands for the address that was asked for',
  pattern: `https?://${HOST}${PORT}${REST_WITH_PLACE}`,
  problem: 'is not a URL',
  expected: 'a URL such as https://auth.acme.com/oauth2/start?rd={url}',
});
