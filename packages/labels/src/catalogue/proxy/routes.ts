import { defineLabels } from '../label.js';
import { flag } from '../types/boolean.js';
import { domainComparison, pathComparison, REGEXP_COMPARISON, sniComparison } from '../types/proxy/fetch.js';
import { requestMode } from '../types/proxy/haproxy.js';
import { headerMatches } from '../types/proxy/http.js';
import { listOf, listOfTexts } from '../types/list.js';
import { domain } from '../types/network.js';
import { entryPort } from '../types/number.js';
import { anyCase } from '../types/pattern.js';
import { PROXY_TEXT } from './text-rules.js';

export const ROUTES = defineLabels(
  { title: 'Which requests come to the service', rules: PROXY_TEXT },
  {
    servicePath: {
      type: listOfTexts('paths', 'path'),
      indexed: true,
      description:
        'Paths that lead to the destination, compared by `pathType`; in sni mode the server names.',
      example: '/api,/docs',
    },
    servicePathExclude: {
      type: listOfTexts('paths', 'path'),
      indexed: true,
      description:
        'Paths that do not lead to the destination although `servicePath` matches, however a client writes them (`NORMALIZE_PATHS`).',
      example: '/api/metrics',
    },
    pathType: {
      type: pathComparison,
      variant: { label: 'reqMode', matches: `\\s*${anyCase('sni')}\\s*`, type: sniComparison },
      default: 'path_beg',
      indexed: true,
      description:
        'How paths are compared: `path`, `path_beg`, `path_end`, `path_dir`, `path_sub`, `path_reg` …; in sni mode the whole fetch with flags.',
      example: 'path_reg',
    },
    serviceDomain: {
      type: listOf(domain),
      variant: {
        label: 'serviceDomainAlgo',
        matches: REGEXP_COMPARISON,
        type: listOfTexts('regular expressions', 'regular expression'),
      },
      indexed: true,
      description: 'Domains that lead to the destination; `*.acme.com` matches every name under acme.com.',
      example: 'acme.com,*.acme.com',
    },
    serviceDomainAlgo: {
      type: domainComparison,
      default: '$SERVICE_DOMAIN_ALGO',
      description:
        'How the domains are compared with the Host header: an HAProxy sample fetch that answers a match.',
      example: 'hdr(host)',
    },
    serviceDomainMatchAll: {
      type: flag,
      default: 'false',
      deprecatedFor: 'serviceDomainAlgo',
      description: 'Compares domains with `hdr_dom(host)`.',
    },
    serviceHeader: {
      type: headerMatches,
      indexed: true,
      description: '`name:value` pairs of headers a request must have to be routed here.',
      example: 'X-Version:3',
    },
    userAgent: {
      type: listOfTexts('texts', 'text'),
      indexed: true,
      description: 'Texts of which one must be part of the User-Agent header, in any letter case.',
      example: 'googlebot,iphone',
    },
    srcPort: {
      type: entryPort,
      indexed: true,
      description:
        'Port of the proxy: http requests must have arrived on it, in tcp and sni mode it is opened. sni shares it with everything else; tcp has a port of `DEFAULT_PORTS` only while there is no http service. Where names decide on the port of a tcp destination, a client that waits for the server to speak first (SSH, MySQL, SMTP) is let through after 2 seconds beside sni destinations, after 5 beside tcp ones with domains.',
      example: '443',
    },
    isDefaultBackend: {
      type: flag,
      default: 'false',
      description: 'Requests that no other route takes go to this service.',
      example: 'true',
    },
    reqMode: {
      type: requestMode,
      default: '$DEFAULT_REQ_MODE',
      indexed: true,
      description:
        'Protocol the proxy speaks: http, bytes (tcp), or TLS that is routed by server name and not terminated (sni).',
      example: 'tcp',
    },
  },
);
