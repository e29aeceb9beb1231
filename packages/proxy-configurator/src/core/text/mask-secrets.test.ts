import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { userlist } from '../backends/authentication.js';
import { maskSecrets } from './mask-secrets.js';
import { statisticsLines } from '../sections/fixed-sections.js';
import { renderLines } from '../../testing/render-lines.js';

test('passwords of users and of the statistics page are hidden, names are not', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1 }), fc.boolean(), (text, encrypted) => {
      const password = `secret-${text}-secret`;
      const { lines } = userlist('webUsers', [{ name: 'me', password, encrypted }]);
      const page = statisticsLines({
        uri: '/stats',
        port: undefined,
        credentials: { user: 'boss', password },
      });
      const masked = maskSecrets(renderLines([...lines, ...page]));
      expect(masked).not.toContain('secret-');
      expect(masked).not.toContain('-secret');
      expect(masked).toMatch(/user me (?:insecure-)?password \*\*\*/);
      expect(masked).toMatch(/stats auth '?boss:\*\*\*/);
    }),
  );
});

test('everything else stays as it is', () => {
  const config = 'backend web\n    server web 10.0.0.1:80\n    http-request auth realm webRealm\n';
  expect(maskSecrets(config)).toBe(config);
});
