import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Finding } from '../lint/finding.js';
import type { LintedAlert } from '../lint/monitor-rules.js';

const run = promisify(execFile);
const TIME_LIMIT_MS = 20_000;

/** What promtool refuses of these alerts: expressions (DF304) and templates (DF310). */
export async function checkAlerts(
  promtool: string,
  alerts: readonly LintedAlert[],
): Promise<readonly Finding[]> {
  if (alerts.length === 0) return [];
  const folder = await mkdtemp(path.join(tmpdir(), 'dflow-'));
  try {
    // One file for each alert: promtool stops at the first mistake of a file.
    const files = await Promise.all(
      alerts.map(async (alert, i) => {
        const file = path.join(folder, `${i}.json`);
        await writeFile(file, JSON.stringify({ groups: [{ name: 'alerts', rules: [ruleOf(alert)] }] }));
        return file;
      }),
    );
    const output = await outputOf(promtool, files);
    return alerts.flatMap((alert, i) => {
      const reason = reasonIn(output, files[i] ?? '');
      return reason === undefined ? [] : [findingOf(alert, reason)];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ruleOf({ rule, expression, for: duration, labels, annotations }: LintedAlert) {
  return {
    alert: rule,
    expr: expression,
    ...(duration === '' ? {} : { for: duration }),
    labels,
    annotations,
  };
}

async function outputOf(promtool: string, files: readonly string[]): Promise<string> {
  const options = { timeout: TIME_LIMIT_MS, maxBuffer: 16 * 1024 * 1024 };
  try {
    const { stdout, stderr } = await run(promtool, ['check', 'rules', '--lint=none', ...files], options);
    return `${stdout}\n${stderr}`;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    return `${stdout}\n${stderr}`;
  }
}

/** The lines after `FAILED:` that speak of one file. */
function reasonIn(output: string, file: string): string | undefined {
  const line = output.split('\n').find((one) => one.startsWith(`${file}: `));
  return line?.slice(file.length + 2);
}

function findingOf({ view, index }: LintedAlert, reason: string): Finding {
  const own = (name: string) => (index === undefined ? name : `${name}.${index}`);
  const isExpression = reason.includes('could not parse expression');
  const [, detail = reason] = /could not parse expression: (.*)$/.exec(reason) ?? [];
  if (isExpression)
    return view.at(own('alertIf'), {
      code: 'DF304',
      severity: 'error',
      message: `${view.show(own('alertIf'))} is not PromQL: ${detail}`,
    });
  const label = reason.includes('annotation') ? own('alertAnnotations') : own('alertLabels');
  return view.at(label, {
    code: 'DF310',
    severity: 'error',
    message: `${view.show(label)} holds a template that is none: ${reason}`,
    expected: 'a template of Prometheus',
  });
}
