import { expect, test } from '@jest/globals';
import { runCommand, stackOf } from '../testing/run-command.js';

/** What people see who make one mistake. */
async function lint(stack: string): Promise<string> {
  const { result } = await runCommand(['lint', '-'], { stdin: stack });
  return result
    .split('\n')
    .filter((line) => line.startsWith('<stdin>'))
    .join('\n');
}

const PORT = 'com.df.port=80';

test.each([
  ['the address of a browser', ['com.df.serviceDomain=https://acme.com/', PORT], 'did you mean acme.com?'],
  ['a regular expression as a path', ['com.df.servicePath=/shop.*', PORT], 'did you mean /shop?'],
  ['a port that is published', ['com.df.servicePath=/a', 'com.df.port=8080:80'], 'is not a port'],
  [
    'a database without its port',
    ['com.df.reqMode=tcp', 'com.df.srcPort=5432'],
    'lacks port, the port of the container',
  ],
  [
    'a share in percent',
    ['com.df.alertName=m', 'com.df.alertIf=@service_mem_limit:80'],
    'not a number from 0 to 1',
  ],
  [
    'seconds without a unit',
    ['com.df.alertName=m', 'com.df.alertIf=up == 0', 'com.df.alertFor=30'],
    '30s or 1h30m',
  ],
  ['stickiness', ['com.df.servicePath=/a', PORT, 'com.df.sessionType=sticky'], 'did you mean sticky-server?'],
])('%s', async (_, labels, hint) => {
  const said = await lint(stackOf({ web: labels }));
  expect(said.split('\n')).toHaveLength(1);
  expect(said).toContain(hint);
});

test('an item that is indented too far is lost in the one above, and nothing else is said of it', async () => {
  const stack = stackOf({ web: ['com.df.servicePath=/a', PORT] }).replace(
    '        - com.df.servicePath',
    '          - com.df.servicePath',
  );
  const said = await lint(stack);
  expect(said.split('\n')).toHaveLength(1);
  expect(said).toContain('notify goes on in the next line');
});
