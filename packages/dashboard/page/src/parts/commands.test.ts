import { expect, test } from '@jest/globals';
import { explainCommand, labelCommand, removeLabelCommand, shellWord } from './commands.js';

test('values cannot leave their place in a command', () => {
  expect(labelCommand('web', 'servicePath', '/a; rm -rf /')).toBe(
    `docker service update --label-add 'com.df.servicePath=/a; rm -rf /' web`,
  );
  expect(shellWord(`it's $HOME`)).toBe(`'it'\\''s $HOME'`);
  expect(removeLabelCommand('go-demo_main', 'port.1')).toBe(
    'docker service update --label-rm com.df.port.1 go-demo_main',
  );
  expect(explainCommand({ host: 'a.test', path: "/x'; rm" })).toBe(
    `dflow explain --url 'http://a.test/x'\\''; rm' stack.yml`,
  );
});
