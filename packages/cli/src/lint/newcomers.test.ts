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
  ['a path of metrics alone', ['com.df.metricsPath=/stats'], 'without scrapePort the service is not scraped'],
  ['a user alone', ['com.df.servicePath=/a', PORT, 'com.df.users=ann'], 'a user without a password'],
  [
    'a password with a comma',
    ['com.df.servicePath=/a', PORT, 'com.df.users=ann:pass,word'],
    'without a comma in the password',
  ],
  [
    'two domains with a blank',
    ['com.df.serviceDomain=a.acme.com b.acme.com', PORT],
    'mean a.acme.com,b.acme.com?',
  ],
  ['a port of https that is none', ['com.df.servicePath=/a', 'com.df.httpsPort=443x'], 'is not a port'],
  ['a port of the proxy without tcp', ['com.df.srcPort=5432', 'com.df.port=5432'], 'reqMode=tcp'],
  ['a colon in a header', ['com.df.servicePath=/a', PORT, 'com.df.addReqHeader=X-Api: yes'], 'quotes around'],
  [
    'a colon in the labels of an alert',
    ['com.df.alertName=m', 'com.df.alertIf=up == 0', 'com.df.alertLabels=a: b'],
    'quotes around',
  ],
  ['an anchored path', ['com.df.servicePath=^/shop', PORT], 'or pathType=path_reg'],
  ['two labels in one item', ['com.df.servicePath=/a com.df.port=80'], 'an item of its own for each label'],
  [
    'the zone of a schedule',
    [
      'com.df.scaleScheduleStart=0 8 * * *',
      'com.df.scaleScheduleEnd=0 9 * * *',
      'com.df.scaleScheduleTimezone=Berlin',
    ],
    'scaleScheduleTimezone="Berlin" is not a time zone',
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
  expect(said).toContain('notify goes on with servicePath');
});

test('a password behind a colon and a blank is never shown', async () => {
  const { result } = await runCommand(['lint', '-', '--format', 'json'], {
    stdin: stackOf({ web: ['com.df.servicePath=/a', PORT, 'com.df.users=ann: s3cret'] }),
  });
  expect(result).toContain('DF002');
  expect(result).not.toContain('s3cret');
});

test.each([
  ['services without their key', 'web:\n  image: nginx\n', 'expected the service under services'],
  [
    'labels that are indented too far',
    stackOf({ web: [] })
      .replace('deploy:', 'deploy:\n      placement:')
      .replace(/^ {6}labels/m, '        labels')
      .replace('        - com', '          - com'),
    '"labels" is not a key of placement',
  ],
  [
    'a network that is nowhere',
    stackOf({ web: ['com.df.servicePath=/a', PORT] }).split('networks:\n')[0] ?? '',
    'the network proxy stands nowhere',
  ],
  [
    'one mistake of YAML',
    stackOf({ web: ['com.df.servicePath=/a'] }).replace('- com.df.servicePath', '-com.df.servicePath'),
    'DF001',
  ],
])('%s', async (_, stack, hint) => {
  const said = await lint(stack);
  expect(said.split('\n')).toHaveLength(1);
  expect(said).toContain(hint);
});

test('blanks around the equals sign are one mistake', async () => {
  const said = await lint(stackOf({ web: ['com.df.servicePath=/a', 'com.df.port = 80'] }));
  expect(said.split('\n')).toHaveLength(1);
  expect(said).toContain('did you mean com.df.port=80?');
});

test.each([
  ['users that the proxy knows', ['--setting', 'USERS=ann:x'], ['com.df.users=ann']],
  ['users of a secret', [], ['com.df.users=ann', 'com.df.usersSecret=shop']],
])('%s are no mistake', async (_, args, labels) => {
  const stdin = stackOf({ web: ['com.df.servicePath=/a', PORT, ...labels] });
  expect((await runCommand(['lint', '-', ...args], { stdin })).status).toBe(0);
});
