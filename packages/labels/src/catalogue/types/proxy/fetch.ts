import { matching } from '../pattern.js';

const MATCHES = '(?:beg|dir|dom|end|len|reg|sub)';
const FLAGS = '(?: +-i| +-m +(?:str|beg|end|sub|dir|dom|reg|len))*';

/*
 * What a label may say about *how* paths or names are compared: an HAProxy fetch with flags. Everything
 * else that HAProxy would accept at this place (maps, files, environment) is out of reach of a label.
 */

/** How paths are compared. */
export const pathComparison = matching({
  name: 'path comparison',
  words: '`path`, `path_beg`, `path_end`, `path_dir`, `path_sub`, `path_reg` …, ` -i` after it ignores case',
  pattern: `(?:path|pathq|url|base)(?:_${MATCHES})?${FLAGS}`,
  problem: 'is not a way to compare paths',
  expected: 'path, path_beg, path_end, path_dir, path_sub or path_reg, -i after it ignores case',
});

/** How TLS server names are compared. */
export const sniComparison = matching({
  name: 'server name comparison',
  words: '`req.ssl_sni` with flags, such as `req.ssl_sni -i -m beg`',
  pattern: `req[._]ssl_sni${FLAGS}`,
  problem: 'is not a way to compare server names',
  expected: 'req.ssl_sni with -i and -m, such as req.ssl_sni -i -m beg',
});

const HEADER_FETCH = `(?:req\\.)?f?hdr(?:_${MATCHES})?\\([A-Za-z0-9-]+(?:,-?[0-9]{1,4})?\\)`;

/** How domains are compared: by the Host header (or another one) or the TLS server name. */
export const domainComparison = matching({
  name: 'domain comparison',
  words: '`hdr(host)`, `hdr_beg(host)`, `hdr_dom(host)`, `hdr_end(host)`, `hdr_reg(host)`, `req.ssl_sni` …',
  pattern:
    `(?:${HEADER_FETCH}|ssl_fc_sni(?:_${MATCHES})?|req[._]ssl_sni)` +
    `(?:,lower|,upper|,field\\([0-9]{1,4},:\\))*${FLAGS}`,
  problem: 'is not a way to compare domains',
  expected: 'hdr(host), hdr_beg(host), hdr_dom(host), hdr_end(host), hdr_reg(host) or req.ssl_sni',
});

/** Fits the domain comparisons that take domains as regular expressions. */
export const REGEXP_COMPARISON = '[\\s\\S]*(?:_reg|-m +reg)[\\s\\S]*';

/** Checks a domain comparison that comes from elsewhere than a label. */
export const readDomainAlgo = (text: string) => domainComparison.read(text.trim());
