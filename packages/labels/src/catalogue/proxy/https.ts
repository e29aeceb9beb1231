import { defineLabels } from '../label.js';
import { flag } from '../types/boolean.js';
import { redirectCode } from '../types/choice.js';
import { listOf } from '../types/list.js';
import { domain } from '../types/network.js';
import { pem } from '../types/text.js';
import { PROXY_TEXT } from './text-rules.js';

export const HTTPS = defineLabels(
  { title: 'HTTPS and redirects', rules: PROXY_TEXT },
  {
    httpsOnly: {
      type: flag,
      default: '$HTTPS_ONLY',
      indexed: true,
      description: 'Redirects to https unless the connection is TLS.',
      example: 'true',
    },
    httpsRedirectCode: {
      type: redirectCode,
      default: '302',
      indexed: true,
      description: 'Status of the redirects to https: 301, 302, 303, 307 or 308.',
      example: '301',
    },
    redirectWhenHttpProto: {
      type: flag,
      default: 'false',
      description:
        'Redirects to https when `X-Forwarded-Proto` is `http`, for proxies behind a balancer that ends TLS.',
      example: 'true',
    },
    redirectUnlessHttpsProto: {
      type: flag,
      default: 'false',
      description: 'Redirects to https unless `X-Forwarded-Proto` is `https` or the connection is TLS.',
      example: 'true',
    },
    redirectFromDomain: {
      type: listOf(domain),
      indexed: true,
      description: 'Domains that are redirected to the first plain `serviceDomain` with 301.',
      example: 'old.acme.com',
    },
    serviceCert: {
      type: pem,
      secret: true,
      rules: { ...PROXY_TEXT, trim: false },
      description:
        'Certificate and private key as PEM, line ends written as the two characters `\\n`. It goes with the service, and is shown only for names that no certificate of the operator covers and that no other service has.',
    },
  },
);
