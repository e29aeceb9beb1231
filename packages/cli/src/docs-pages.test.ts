import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { runCommand } from './testing/run-command.js';

const ROOT = process.cwd();

/** Stacks of one page: whole ones in YAML, and services that commands and pieces of stacks show. */
function stacksOf(page: string): readonly string[] {
  const blocks = [...page.matchAll(/^( *)```(\w*)\n([^]*?)^ *```/gm)].map(
    ([, , language = '', text = '']) => ({
      language,
      text,
    }),
  );
  return blocks.flatMap(({ language, text }) => {
    if (!text.includes('com.df.')) return [];
    const whole = /^services:\n(?:(?!END$).*\n)*/m.exec(text)?.[0];
    if (whole !== undefined) return [whole];
    const labels = language === 'yaml' ? listed(text) : ofCommands(text);
    return labels
      .map((own) => own.filter((label) => !WRONG_ON_PURPOSE.includes(label)))
      .filter((own) => own.length > 0)
      .map(stackWith);
  });
}

/** Labels of a piece of a stack in its list form. */
function listed(text: string): readonly (readonly string[])[] {
  return [[...text.matchAll(/^\s*- (com\.df\.\S+?=.*?)(?:\s+#.*)?$/gm)].map(([, label = '']) => label)];
}

/** Labels of each `docker service create` or `update`. */
function ofCommands(text: string): readonly (readonly string[])[] {
  const commands = text.replaceAll('\\\n', ' ').split('\n');
  return commands.map((command) =>
    [...command.matchAll(/--label(?:-add)?[ =](?:'([^']*)'|"([^"]*)"|(com\.df\.\S+))/g)].map(
      ([, single, double, bare]) => single ?? double ?? bare ?? '',
    ),
  );
}

function stackWith(labels: readonly string[]): string {
  const own = labels.some((label) => label.startsWith('com.df.notify')) ? [] : ['com.df.notify=true'];
  // What a command shows is no stack file: a dollar sign there is one.
  const escaped = [...own, ...labels].map((label) => label.replaceAll(/\$(?!\{)/g, '$$$$'));
  return stringify({
    services: { web: { image: 'x', networks: ['proxy'], deploy: { labels: escaped } } },
    networks: { proxy: { external: true } },
  });
}

/** What pages show to tell what happens then. */
const WRONG_ON_PURPOSE = ['com.df.port=http', 'com.df.alertIf.3=sum(('];

/** A service may get further labels by the next command: what is missing is no mistake of the page. */
const INCOMPLETE = ['DF201', 'DF202', 'DF203', 'DF301', 'DF309', 'DF402', 'DF452', 'DF503'];

const packages = readdirSync(path.join(ROOT, 'packages')).map((name) => `packages/${name}/README.md`);
const docs = readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => `docs/${file}`);
const pages = ['README.md', 'LABELS.md', ...packages, ...docs]
  .map((file) => [file, stacksOf(readFileSync(path.join(ROOT, file), 'utf8'))] as const)
  .filter(([, stacks]) => stacks.length > 0);

test('there are pages that show labels', () => expect(pages.length).toBeGreaterThan(3));

describe.each(pages)('%s', (_file, stacks) => {
  test.each(stacks.map((stack) => [stack]))('has labels that work: %j', async (stack) => {
    const ignored = INCOMPLETE.flatMap((code) => ['--ignore', code]);
    const { result } = await runCommand(['lint', '--format', 'json', ...ignored, '@page.yml'], {
      files: { 'page.yml': stack },
    });
    const { findings } = JSON.parse(result) as { findings: { code: string; message: string }[] };
    expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
  });
});
