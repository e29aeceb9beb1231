import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers by path; of a list the next one each time, the last from then on. */
export type Answers = Readonly<Record<string, unknown>>;

/** A server that answers with JSON, for as long as `use` runs. */
export async function withServer<T>(
  answers: Answers,
  use: (address: string, asked: readonly string[]) => Promise<T>,
): Promise<T> {
  const asked: string[] = [];
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    asked.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`.trim());
    const answer = answers[path];
    const count = counts.get(path) ?? 0;
    counts.set(path, count + 1);
    const body = answer instanceof Sequence ? answer.at(count) : answer;
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await use(`http://127.0.0.1:${port}`, asked);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** One answer after the other; the last one stays. */
export class Sequence {
  readonly #answers: readonly unknown[];
  constructor(...answers: readonly unknown[]) {
    this.#answers = answers;
  }
  at(count: number): unknown {
    return this.#answers[Math.min(count, this.#answers.length - 1)];
  }
}
