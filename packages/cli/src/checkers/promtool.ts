import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { typeRule } from '@docker-flow/monitor/core/files/check-form';
import { parseRuleCheck, type PromtoolOutput } from '@docker-flow/monitor/core/prometheus/promtool-output';
import { WRONG_TYPE } from '@docker-flow/monitor/core/services/alert';
import type { AlertingRule } from '@docker-flow/monitor/core/services/prometheus-model';
import type { Finding } from '../lint/finding.js';
import type { LintedAlert } from '../lint/monitor-rules.js';
import { noPromql, type Sources } from './no-promql.js';

const run = promisify(execFile);
const TIME_LIMIT_MS = 20_000;

/** How many alerts one promtool is given: a command line has its limits. */
const ALERTS_PER_RUN = 250;

/** What promtool refuses of these alerts: expressions (DF304) and templates (DF310). */
export async function checkAlerts(
  promtool: string,
  alerts: readonly LintedAlert[],
  sources: Sources,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (let i = 0; i < alerts.length; i += ALERTS_PER_RUN)
    findings.push(...(await checkSome(promtool, alerts.slice(i, i + ALERTS_PER_RUN), sources)));
  return findings;
}

async function checkSome(
  promtool: string,
  alerts: readonly LintedAlert[],
  sources: Sources,
): Promise<readonly Finding[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dflow-'));
  try {
    // Files of their own: promtool stops at the first mistake of a file.
    const files = alerts.map((_, i) => ({
      rule: path.join(folder, `${i}.json`),
      type: path.join(folder, `${i}.type.json`),
    }));
    await Promise.all(
      alerts.flatMap((alert, i) => {
        const rule = ruleOf(alert);
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
    return alerts.flatMap((alert, i) => {
      const { rule = '', type = '' } = files[i] ?? {};
      const reason = reasonAgainst(rule);
      if (reason !== undefined) return [findingOf(alert, reason, sources)];
      if (reasonAgainst(type) === undefined) return [];
      return [noPromql(alert, { message: `${WRONG_TYPE}: it is a range vector or a text` }, sources)];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ruleOf({ rule, expression, for: duration, labels, annotations }: LintedAlert): AlertingRule {
  return {
    alert: rule,
    expr: expression,
    ...(duration === '' ? {} : { for: duration }),
    labels,
    annotations,
  };
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

function findingOf(alert: LintedAlert, reason: string, sources: Sources): Finding {
  const [, detail] = /could not parse expression: (.*)$/.exec(reason) ?? [];
  if (detail !== undefined) {
    const [, column] = /^1:(\d+): /.exec(detail) ?? [];
    return noPromql(
      alert,
      { message: detail, ...(column === undefined ? {} : { offset: Number(column) - 1 }) },
      sources,
    );
  }
  const { view, index } = alert;
  const own = (name: string) => (index === undefined ? name : `${name}.${index}`);
  const label = reason.includes('annotation') ? own('alertAnnotations') : own('alertLabels');
  return view.at(view.has(label) ? label : own('alertIf'), {
    code: 'DF310',
    severity: 'error',
    message: `${view.show(label)} holds a template that is none: ${reason}`,
    expected: 'a template of Prometheus',
  });
}
