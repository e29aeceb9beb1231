import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tmpdir } from 'node:os';
import { runPage } from './run-page.js';
import { createShellSession, type ShellSession } from './shell-session.js';

let session: ShellSession;
beforeAll(async () => {
  session = await createShellSession(tmpdir(), { PATH: process.env['PATH'], GIVEN: 'yes' });
});
afterAll(() => session.end());

function block(mark: string, commands: string): string {
  return `<!-- ${mark} -->\n\`\`\`bash\n${commands}\n\`\`\`\n`;
}

function run(...blocks: readonly string[]): Promise<void> {
  return runPage('page.md', blocks.join('\n'), session, () => undefined);
}

test('exported variables and the folder outlast a block, others do not', async () => {
  const page = run(
    block('run', `export KEPT="it's here"\nLOST=x\ncd /`),
    block("run shows /^it's here yes none \\/\\n$/", 'echo "$KEPT $GIVEN ${LOST:-none} $PWD"'),
  );
  await expect(page).resolves.toBeUndefined();
});

test('a block that fails stops the page and says where', async () => {
  await expect(run(block('run', 'echo before; false; echo after'))).rejects.toThrow(
    /^page\.md, line 3:\necho before; false; echo after\nended with 1\nbefore\n$/,
  );
});

test('a block that prints something else stops the page', async () => {
  await expect(run(block('run shows /b/', 'echo a'))).rejects.toThrow('did not print what matches /b/s\na');
});

test('a block is repeated until it prints what is wanted', async () => {
  const page = run(
    block('run', 'export COUNT=$(mktemp)'),
    block('run until /xxx/', 'printf x >>"$COUNT"; cat "$COUNT"'),
    block('run', 'rm "$COUNT"'),
  );
  await expect(page).resolves.toBeUndefined();
});

test('what is given or cannot be run is left out', async () => {
  await expect(run(block('given', 'false'), block('not run: no', 'false'))).resolves.toBeUndefined();
});
