import { defineLabels } from './label.js';
import { boolean, flag } from './types/boolean.js';
import { challenge, keyType } from './types/choice.js';
import { certificateNames } from './types/domain-name.js';
import { countingAs } from './types/label-type.js';
import { profile, text } from './types/text.js';
import { PROXY_TEXT } from './proxy/text-rules.js';

/** Between the names of `acmeDomains`, and of `letsencrypt.host`. */
export const NAME_SEPARATORS = [','] as const;
export const COMPANION_SEPARATORS = [',', ';'] as const;

/** A word that is none is as if nothing had been said: it neither asks nor forbids. */
const asking = countingAs(boolean, undefined, 'and counts as absent');

/** Labels that the certificates program and the proxy read alike: what one orders, the other waits for. */
export const CERTIFICATE_LABELS = {
  ...defineLabels(
    { title: 'Certificates by themselves', rules: PROXY_TEXT },
    {
      acme: {
        type: asking,
        default: '$ACME_DEFAULT',
        description:
          'Asks for a certificate for the domains of the service: all `serviceDomain` and `redirectFromDomain` of http destinations. `false` wins over all other labels here.',
        example: 'true',
      },
      acmeDomains: {
        type: certificateNames(NAME_SEPARATORS),
        description: 'Names for the certificate instead of the domains of the service; asks by itself.',
        example: 'acme.com,*.acme.com',
      },
      acmeChallenge: {
        type: challenge,
        default: '$CHALLENGE',
        description:
          'How the authority is shown that the names are ours: over http by the proxies, or by a record in the DNS. Wildcards always by DNS.',
        example: 'dns-01',
      },
      acmeKeyType: {
        type: keyType,
        default: '$KEY_TYPE',
        description: 'Kind of the private key.',
        example: 'rsa-2048',
      },
      acmeProfile: {
        type: profile,
        default: '$PROFILE',
        description:
          'Profile of the authority, such as `shortlived` or `tlsserver`; sent only if the authority offers it.',
        example: 'shortlived',
      },
      acmePassthrough: {
        type: flag,
        default: 'false',
        description:
          'The service answers the challenges for its domains itself; the proxy lets them through.',
        example: 'true',
      },
    },
  ),
  ...defineLabels(
    { title: 'Labels of docker-flow-proxy-letsencrypt and its kin', rules: PROXY_TEXT },
    {
      'letsencrypt.host': {
        type: certificateNames(COMPANION_SEPARATORS),
        description: 'The same as `acmeDomains`; the names may also be separated by semicolons.',
        example: 'acme.com,www.acme.com',
      },
      'letsencrypt.email': {
        type: text,
        description:
          'Asks for a certificate by itself, for the names of `letsencrypt.host` or the domains of the service. The address counts only while `EMAIL` is unset.',
        example: 'you@acme.com',
      },
      'letsencrypt.testing': {
        type: flag,
        default: 'false',
        description: 'Nothing is ordered for the service unless the authority is one for trials (staging).',
        example: 'true',
      },
    },
  ),
} as const;
