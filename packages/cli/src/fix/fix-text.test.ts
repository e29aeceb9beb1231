import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { runCommand } from '../testing/run-command.js';
import { fixText } from './fix-text.js';

const BEFORE = `# My stack
services:
  web: # the shop
    image: example/app
    networks: [proxy]
    deploy:
      labels:
        # routes
        - com.df.notifiy=true # yes
        - "com.df.servicePaht=/web"
        - com.df.port ="8080"

        - com.df.users=joe:$apr1$x5f0
        - com.df.alertName=a
        - com.df.alertIf=x{code=~"^5..$"} > 0
      # later
      replicas:   2
networks: {proxy: {external: true}}
`;
const AFTER = BEFORE.replace('com.df.notifiy', 'com.df.notify')
  .replace('servicePaht', 'servicePath')
  .replace('com.df.port ="8080"', 'com.df.port =8080')
  .replace('$apr1$x5f0', () => '$$apr1$$x5f0')
  .replace('^5..$', () => '^5..$$');

async function fixed(text: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'dflow-fix-'));
  try {
    const file = path.join(folder, 'shop.yml');
    writeFileSync(file, text);
    const { messages } = await runCommand(['lint', '--fix', file]);
    return { text: readFileSync(file, 'utf8'), messages };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('misspelt names, quotes and dollar signs are mended, and nothing else changes', async () => {
  const { text, messages } = await fixed(BEFORE);
  expect(text.split('\n')).toEqual(AFTER.replace('com.df.port =8080', 'com.df.port=8080').split('\n'));
  expect(messages).toMatch(/mended \d+ findings/);
});

test('line ends and a byte order mark stay', async () => {
  const text = `\uFEFF${BEFORE.replaceAll('\n', '\r\n')}`;
  expect((await fixed(text)).text).toBe(
    `\uFEFF${AFTER.replace('com.df.port =8080', 'com.df.port=8080').replaceAll('\n', '\r\n')}`,
  );
});

test('what would change more than its label is left as it is', () => {
  const text = 'services:\n  web:\n    deploy:\n      labels:\n        - com.df.port="80\\n"\n';
  const place = { file: 'x', line: 5, column: 11, endLine: 5, endColumn: 29 };
  const finding = {
    code: 'DF105',
    severity: 'warning',
    message: '',
    place,
    label: 'com.df.port',
    suggestion: '80\\n"\n    labels: [a=b',
  } as const;
  expect(fixText(text, [finding], {})).toEqual({ text, count: 0 });
});

test('standard input cannot be mended', async () => {
  expect(await runCommand(['lint', '--fix', '-'])).toMatchObject({ status: 2, result: '' });
});
