import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { runCommand } from '../../testing/run-command.js';

test('one label in full, with or without prefix and number', async () => {
  const { status, result } = await runCommand(['labels', 'com.df.alertIf.3']);
  expect(status).toBe(0);
  expect(result).toMatch(/^com\.df\.alertIf\n[^]*read by +monitor/);
});

test('an unknown label names the nearest ones', async () => {
  const { status, result, messages } = await runCommand(['labels', 'servicePaht']);
  expect([status, result]).toEqual([1, '']);
  expect(messages).toContain('com.df.servicePath');
});

test.each(['text', 'json', 'markdown'])('the labels of one program as %s', async (format) => {
  const { status, result } = await runCommand(['labels', '--reader', 'scaler', '--format', format]);
  expect(status).toBe(0);
  expect(result).toContain('com.df.scaleMax');
  expect(result).not.toContain('com.df.servicePath');
});

test('a program that is none cannot be asked for', async () => {
  expect(await runCommand(['labels', '--reader', 'nobody'])).toMatchObject({ status: 2 });
});

test.each(['labels', 'list', 'stack'])('the schema of %s', async (form) => {
  const { status, result } = await runCommand(['schema', '--form', form]);
  expect(status).toBe(0);
  expect(JSON.parse(result)).toHaveProperty('$schema');
});

test('bash completes commands and words', async () => {
  const { result } = await runCommand(['completion', 'bash']);
  const complete = (...words: readonly string[]) =>
    execFileSync(
      'bash',
      [
        '-c',
        `${result}\nCOMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _dflow; echo "\${COMPREPLY[@]}"`,
      ],
      {
        encoding: 'utf8',
      },
    ).trim();
  expect(complete('dflow', 'exp')).toBe('explain');
  expect(complete('dflow', 'lint', '--format', 'jun')).toBe('junit');
  expect(complete('dflow', 'lint', '--stri')).toBe('--strict');
});
