import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What promtool says against these PromQL expressions; `undefined` when it says nothing. */
export async function refusalOf(expressions: readonly string[]): Promise<string | undefined> {
  const rules = expressions.map((expr, index) => ({ record: `rule_${index}`, expr }));
  return withFile(JSON.stringify({ groups: [{ name: 'queries', rules }] }), (file) =>
    run('promtool', ['check', 'rules', file]).then(
      () => undefined,
      (error: unknown) => messagesOf(error),
    ),
  );
}

/** What `promtool test rules` says against a file of rule tests; `undefined` when all of them hold. */
export async function failedRuleTests(
  rules: unknown,
  tests: (rulesFile: string) => unknown,
): Promise<string | undefined> {
  return withFile(JSON.stringify(rules), (rulesFile) =>
    withFile(JSON.stringify(tests(rulesFile)), (file) =>
      run('promtool', ['test', 'rules', file]).then(
        () => undefined,
        (error: unknown) => messagesOf(error),
      ),
    ),
  );
}

// JSON is YAML, and promtool reads it.
async function withFile<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(path.join(tmpdir(), 'promtool-'));
  try {
    const file = path.join(dir, 'file.yml');
    await writeFile(file, text);
    return await use(file);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function messagesOf(error: unknown): string {
  const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
  return `${stdout}${stderr}` || String(error);
}
