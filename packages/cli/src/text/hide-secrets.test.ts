import { describe, expect, test } from '@jest/globals';
import { runCommand } from '../testing/run-command.js';
import { isSecretLabel } from './hide-secrets.js';

test.each([
  'com.df.users',
  'com.df.user',
  'com.df.Users.1',
  'com.fd.users',
  ' com.df.users ',
  'com.df.serviceCert',
])('%j holds a secret', (label) => {
  expect(isSecretLabel(label)).toBe(true);
});

test.each(['com.df.port', 'com.df.usersSecret', 'team', ''])('%j does not', (label) => {
  expect(isSecretLabel(label)).toBe(false);
});

/** Secrets wherever a stack may hold them, right and wrong. */
const STACK = `services:
  web:
    networks: [proxy]
    labels: [com.df.users=a:pw-0]
    deploy:
      labels:
        - com.df.notify=true
        - com.df.servicePath=/a
        - com.df.port=80
        - com.df.Users=a:pw-1
        - com.fd.users=a:pw-2
        - "com.df.users =a:pw-3"
        - com.df.users: a:pw-4
        - com.df.serviceCert='pw-5'
        - com.df.authUrl=http://u:pw-6@auth/x?token=pw-7
        - com.df.alertName=x
        - com.df.alertIf=http://u:pw-8@auth/
        - "com.df.evil\\e[31m=1\\u009b"
  mapped:
    networks: [proxy]
    deploy:
      labels:
        com.df.users: [a:pw-9]
        com.df.user: a:pw-10
  "il\\e[31ml": {networks: [proxy], deploy: {labels: {com.df.user: a:pw-11}}}
networks:
  proxy: {external: true}
`;

describe('no secret and no control character reaches the output of', () => {
  test.each([
    ...['text', 'json', 'github', 'sarif', 'junit', 'codeclimate'].map((form) => [
      'lint',
      '--level',
      'info',
      '--format',
      form,
    ]),
    ['render'],
    ['render', '--format', 'json'],
    ['diff', '--base', '@empty.yml'],
    ['diff', '--base', '@empty.yml', '--format', 'json'],
    ['explain', '--service', 'web'],
    ['explain', '--service', 'mapped', '--format', 'json'],
    ['explain', '--url', 'http://acme.com/a'],
  ])('%s %s', async (...args) => {
    const { result, messages } = await runCommand([...args, '@shop.yml'], {
      files: { 'shop.yml': STACK, 'empty.yml': 'services: {}\n' },
    });
    expect(result).not.toBe('');
    // eslint-disable-next-line no-control-regex -- these are what is looked for
    expect(`${result}${messages}`).not.toMatch(/pw-|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });
});
