import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { typeRule } from '@docker-flow/monitor/core/files/check-form';
import { parseRuleCheck, type PromtoolOutput } from '@docker-flow/monitor/core/prometheus/promtool-output';
import { WRONG_TYPE } from '@docker-flow/monitor/core/services/alert';
import type { AlertingRule } from '@docker-flow/monitor/core/services/prometheus-model';

const run = promisify(execFile);
const TIME_LIMIT_MS = 20_000;

/** How many alerts one promtool is given: a command line has its limits. */
const ALERTS_PER_RUN = 250;

/** What promtool refuses of one rule. */
export interface RuleProblem {
  readonly part: 'expression' | 'annotation' | 'label';
  readonly message: string;
  /** Characters of the expression before the mistake. */
  readonly offset?: number;
}

/** What promtool refuses of each of these rules; `undefined` where it takes one. */
export async function checkRules(
  promtool: string,
  rules: readonly AlertingRule[],
): Promise<readonly (RuleProblem | undefined)[]> {
  const problems: (RuleProblem | undefined)[] = [];
  for (let i = 0; i < rules.length; i += ALERTS_PER_RUN)
    problems.push(...(await checkSome(promtool, rules.slice(i, i + ALERTS_PER_RUN))));
  return problems;
}

async function checkSome(
  promtool: string,
  rules: readonly AlertingRule[],
): Promise<readonly (RuleProblem | undefined)[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dflow-'));
  try {
    // Files of their own: promtool stops at the first mistake of a file.
    const files = rules.map((_, i) => ({
      rule: path.join(folder, `${i}.json`),
      type: path.join(folder, `${i}.type.json`),
    }));
    await Promise.all(
      rules.flatMap((rule, i) => {
        const { rule: file = '', type = '' } = files[i] ?? {};
        return [writeRule(file, rule), writeRule(type, typeRule(rule))];
      }),
    );
    const output = await outputOf(
      promtool,
      files.flatMap(({ rule, type }) => [rule, type]),
    );
    const reasonAgainst = (file: string) => {
      const told = parseRuleCheck(output, file);
      return told === 'fine' ? undefined : told;
    };
    return files.map(({ rule, type }) => {
      const reason = reasonAgainst(rule);
      if (reason !== undefined) return problemOf(reason);
      if (reasonAgainst(type) === undefined) return undefined;
      return { part: 'expression', message: `${WRONG_TYPE}: it is a range vector or a text` };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function problemOf(reason: string): RuleProblem {
  const [, message] = /could not parse expression: (.*)$/.exec(reason) ?? [];
  if (message === undefined)
    return { part: reason.includes('annotation') ? 'annotation' : 'label', message: reason };
  const [, column] = /^1:(\d+): /.exec(message) ?? [];
  return { part: 'expression', message, ...(column === undefined ? {} : { offset: Number(column) - 1 }) };
}

async function writeRule(file: string, rule: AlertingRule): Promise<void> {
  await writeFile(file, JSON.stringify({ groups: [{ name: 'alerts', rules: [rule] }] }));
}

async function outputOf(promtool: string, files: readonly string[]): Promise<PromtoolOutput> {
  const options = { timeout: TIME_LIMIT_MS, maxBuffer: 16 * 1024 * 1024 };
  try {
    return await run(promtool, ['check', 'rules', '--lint=none', ...files], options);
  } catch (error) {
    const { stdout = '', stderr = '' } = error as Partial<PromtoolOutput>;
    return { stdout, stderr };
  }
}
