import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { Load, LoadResult } from './load.js';

/** Worker thread: keeps connections busy with pipelined requests and counts answers. */
const { port, paths, ms, connections, depth } = workerData as Load;
const END = Buffer.from('\r\n\r\n');
let answered = 0;
let failed = 0;

function client(offset: number): Promise<unknown> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const until = performance.now() + ms;
    let at = offset;
    let left = 0;
    const send = () => {
      let text = '';
      for (let i = 0; i < depth; i += 1, at += 1)
        text += `GET ${paths[at % paths.length] ?? '/'} HTTP/1.1\r\nHost: any.test\r\n\r\n`;
      left = depth;
      socket.write(text);
    };
    socket.on('connect', send);
    socket.on('data', (chunk) => {
      for (let from = chunk.indexOf(END); from >= 0; from = chunk.indexOf(END, from + 4)) {
        left -= 1;
        answered += 1;
      }
      if (chunk.includes('HTTP/1.1 503') || chunk.includes('HTTP/1.0 503')) failed += 1;
      if (left > 0) return;
      if (performance.now() < until) send();
      else socket.destroy();
    });
    socket.on('error', () => (failed += 1));
    socket.on('close', resolve);
  });
}

await Promise.all(Array.from({ length: connections }, (_, i) => client(i * 7)));
parentPort?.postMessage({ answered, failed } satisfies LoadResult);
