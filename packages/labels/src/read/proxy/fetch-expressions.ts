import { parsed, unreadable, type Parsed } from '../parsed.js';

const MATCHES = '(?:beg|dir|dom|end|len|reg|sub)';
const FLAGS = '(?: +-i| +-m +(?:str|beg|end|sub|dir|dom|reg|len))*';
const PATH_FETCH = new RegExp(`^(?:path|pathq|url|base)(?:_${MATCHES})?${FLAGS}$`);
const SNI_FETCH = new RegExp(`^req[._]ssl_sni${FLAGS}$`);
const DOMAIN_FETCH = new RegExp(
  `^(?:(?:req\\.)?f?hdr(?:_${MATCHES})?\\([A-Za-z0-9-]+(?:,-?[0-9]{1,4})?\\)|ssl_fc_sni(?:_${MATCHES})?|req[._]ssl_sni)` +
    `(?:,lower|,upper|,field\\([0-9]{1,4},:\\))*${FLAGS}$`,
);

/**
 * What a label may say about *how* paths or names are compared: an HAProxy fetch with flags. Everything
 * else that HAProxy would accept at this place (maps, files, environment) is out of reach of a label.
 */
export function readPathType(text: string, mode: 'http' | 'tcp' | 'sni'): Parsed<string> {
  const trimmed = text.trim();
  if (mode === 'sni') {
    return SNI_FETCH.test(trimmed)
      ? parsed(trimmed)
      : unreadable(
          'is no way to compare server names',
          'req.ssl_sni with -i and -m, such as req.ssl_sni -i -m beg',
        );
  }
  return PATH_FETCH.test(trimmed)
    ? parsed(trimmed)
    : unreadable(
        'is no way to compare paths',
        'path, path_beg, path_end, path_dir, path_sub or path_reg, -i after it ignores case',
      );
}

/** The same for domains: the Host header (or another one) or the TLS server name. */
export function readDomainAlgo(text: string): Parsed<string> {
  const trimmed = text.trim();
  return DOMAIN_FETCH.test(trimmed)
    ? parsed(trimmed)
    : unreadable(
        'is no way to compare domains',
        'hdr(host), hdr_beg(host), hdr_dom(host), hdr_end(host), hdr_reg(host) or req.ssl_sni',
      );
}
