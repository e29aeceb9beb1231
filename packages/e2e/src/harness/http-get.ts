import { request } from 'node:http';

/** Status of a GET with a Host header of its own, on a connection of its own; `fetch` allows neither. */
export function getStatus(url: string, host: string, timeoutMs = 3_000): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { host }, agent: false, timeout: timeoutMs }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    sent.end();
  });
}
