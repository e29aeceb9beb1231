import { defineLabels } from '../label.js';
import { compressionAlgorithms, headerRemovals, headerRules } from '../types/proxy/haproxy.js';
import { pathRewrites } from '../types/proxy/path-rewrites.js';
import { regularExpression, text, wordsOrList } from '../types/text.js';
import { PROXY_TEXT } from './text-rules.js';

export const REWRITING = defineLabels(
  { title: 'What is changed on the way', rules: PROXY_TEXT },
  {
    reqPathSearchReplace: {
      type: pathRewrites,
      indexed: true,
      description:
        '`search,replace[,flags]` rewrites of the path, joined by `:`; flags are `g` (all matches) and `i` (any letter case).',
      example: '/something/,/demo/',
    },
    reqPathSearch: {
      type: regularExpression,
      deprecatedFor: 'reqPathSearchReplace',
      description:
        'Regular expression of one rewrite that goes before `reqPathSearchReplace` of every destination.',
    },
    reqPathReplace: {
      type: text,
      deprecatedFor: 'reqPathSearchReplace',
      description: 'Replacement for `reqPathSearch`.',
    },
    addReqHeader: {
      type: headerRules,
      description:
        'List of headers added to each request: the rest of `http-request add-header`, expressions and conditions included.',
      example: 'X-Forwarded-Port %[dst_port],X-Forwarded-Ssl on if { ssl_fc }',
    },
    setReqHeader: {
      type: headerRules,
      description: 'List of headers set on each request: the rest of `http-request set-header`.',
      example: 'X-Forwarded-Port %[dst_port]',
    },
    delReqHeader: {
      type: headerRemovals,
      description: 'List of headers removed from each request: the rest of `http-request del-header`.',
      example: 'Cookie',
    },
    addResHeader: {
      type: headerRules,
      description: 'List of headers added to each response: the rest of `http-response add-header`.',
      example: 'X-Served-By proxy',
    },
    setResHeader: {
      type: headerRules,
      description: 'List of headers set on each response: the rest of `http-response set-header`.',
      example: 'Strict-Transport-Security "max-age=16000000; includeSubDomains"',
    },
    delResHeader: {
      type: headerRemovals,
      description: 'List of headers removed from each response: the rest of `http-response del-header`.',
      example: 'Server',
    },
    addHeader: {
      type: headerRules,
      deprecatedFor: 'addReqHeader',
      description: 'Old name of `addReqHeader`; used only when that is absent.',
    },
    setHeader: {
      type: headerRules,
      deprecatedFor: 'setReqHeader',
      description: 'Old name of `setReqHeader`; used only when that is absent.',
    },
    compressionAlgo: {
      type: compressionAlgorithms,
      description: 'Compresses the responses of this service; several algorithms are separated by blanks.',
      example: 'gzip',
    },
    compressionType: {
      type: wordsOrList,
      description:
        'Content types to compress, separated by commas or blanks; only together with `compressionAlgo`.',
      example: 'text/css text/html application/json',
    },
  },
);
