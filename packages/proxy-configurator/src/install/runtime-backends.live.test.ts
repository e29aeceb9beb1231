import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { takesBackends } from '../core/model/haproxy-version.js';
import { detectCapabilities } from '../haproxy/capabilities.js';
import { sendCommand } from '../haproxy/command-socket.js';
import { STORY_ENDS, STORY_TABLE, storyConfig, tellBackendStory } from '../testing/backend-story.js';
import { freePorts, startHaproxy } from '../testing/live-haproxy.js';
import { createRuntimeBackends } from './runtime-backends.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'df-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a HAProxy that takes backends does, and one that does not is asked once', async () => {
  const { version } = await detectCapabilities();
  const [port = 0] = await freePorts(1);
  const file = path.join(folder, 'haproxy.cfg');
  writeFileSync(path.join(folder, STORY_TABLE), '/one 000000|one\n');
  writeFileSync(file, storyConfig(folder, port));
  const haproxy = await startHaproxy(file, [port]);
  const transcript: [string, string][] = [];
  const runtime = createRuntimeBackends({
    haproxy: {
      async command(text) {
        const answer = await sendCommand(path.join(folder, 'admin.sock'), text, 5_000);
        transcript.push([text, answer]);
        return answer;
      },
    },
    logger: silentLogger(),
  });
  const takes = takesBackends(version);
  const ends = await tellBackendStory(runtime).finally(() => haproxy.stop());
  // Every version replaces tables.
  expect(ends).toEqual(STORY_ENDS.map((end, i) => end && (takes || [1, 6].includes(i))));
  const asked = transcript.map(([command]) => command.split(' ', 2).join(' '));
  expect(asked.filter((command) => command === 'help add')).toHaveLength(1);
  expect(asked.includes('add backend')).toBe(takes);
  if (process.env['DF_RECORD']) {
    const plain = (text: string) => text.replaceAll(folder, '/folder');
    writeFileSync(
      process.env['DF_RECORD'],
      JSON.stringify(
        transcript.map((pair) => pair.map(plain)),
        null,
        2,
      ),
    );
  }
});
