import { expect, test } from '@jest/globals';
import { boundPorts } from './bound-ports.js';

test('ports are found with and without address and options, and only where they are bound', () => {
  const config = [
    'frontend services',
    '    bind *:80',
    '    bind *:443 ssl crt-list /cfg/list alpn h2',
    '  bind :8443',
    '    bind unix@/var/run/exporter.sock mode 600',
    '    # bind *:99',
    'backend b',
    '    server s 10.0.0.1:9000',
  ].join('\n');
  expect([...boundPorts(config)]).toEqual([80, 443, 8443]);
});
