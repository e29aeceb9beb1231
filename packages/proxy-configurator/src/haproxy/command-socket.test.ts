import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sendCommand } from './command-socket.js';

let directory: string;
let server: Server | undefined;
const sockets = new Set<Socket>();
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'command-socket-'));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
  rmSync(directory, { recursive: true, force: true });
});

async function listen(handle: (command: string, socket: Socket) => void): Promise<string> {
  const file = path.join(directory, 's');
  // HAProxy reads on after the client has said its last word.
  server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    let heard = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (heard += chunk.toString()));
    socket.on('end', () => handle(heard, socket));
  });
  await new Promise<void>((resolve) => server?.listen(file, resolve));
  return file;
}

test('answers everything that is said until the connection closes', async () => {
  const file = await listen((command, socket) => {
    socket.write(`heard ${command}`);
    setTimeout(() => socket.end('and more'), 5);
  });
  expect(await sendCommand(file, 'show info', 1_000)).toBe('heard show info\nand more');
});

test('a socket that says nothing is given up', async () => {
  const file = await listen(() => undefined);
  await expect(sendCommand(file, 'show info', 20)).rejects.toThrow('no answer within 20 ms');
});

test('a socket that nobody listens on is named', async () => {
  const file = path.join(directory, 'none');
  await expect(sendCommand(file, 'show info', 100)).rejects.toThrow(file);
});
