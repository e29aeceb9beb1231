import { expect, test } from '@jest/globals';
import { labelCommand, removeLabelCommand, shellWord } from './commands.js';

test('values cannot leave their place in a command', () => {
  expect(labelCommand('web', 'servicePath', '/a; rm -rf /')).toBe(
    `docker service update --label-add 'com.df.servicePath=/a; rm -rf /' web`,
  );
  expect(shellWord(`it's $HOME`)).toBe(`'it'\\''s $HOME'`);
  expect(removeLabelCommand('go-demo_main', 'port.1')).toBe(
    'docker service update --label-rm com.df.port.1 go-demo_main',
  );
});
