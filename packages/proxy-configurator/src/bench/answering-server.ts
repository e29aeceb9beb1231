import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface AnsweringServer {
  stop(): void;
}

/** A server that answers at once and cheaply: another HAProxy. */
export async function startAnsweringServer(port: number): Promise<AnsweringServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'df-bench-server-'));
  const file = path.join(folder, 'haproxy.cfg');
  writeFileSync(
    file,
    `defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
frontend answer
    bind 127.0.0.1:${port}
    http-request return status 200
`,
  );
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' });
  while (!(await accepts(port))) await pause(20);
  return {
    stop() {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
