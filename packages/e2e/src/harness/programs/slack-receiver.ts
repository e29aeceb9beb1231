import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What was posted to an incoming webhook of Slack. */
export interface SlackMessage {
  readonly text: string;
}

export interface SlackReceiver {
  /** The webhook's address, for programs that reach `host`. */
  readonly url: string;
  messages(): readonly SlackMessage[];
  close(): Promise<void>;
}

/**
 * An incoming webhook as Slack answers it: `ok` for a JSON message with a text or attachments, `invalid_payload`
 * or `no_text` with status 400 for others (api.slack.com/messaging/webhooks, "Handling errors").
 */
export async function createSlackReceiver(host: string): Promise<SlackReceiver> {
  const received: SlackMessage[] = [];
  const server = createServer((request, response) => {
    readBody(request).then(
      (body) => {
        const problem = take(body);
        response.writeHead(problem === undefined ? 200 : 400, { 'Content-Type': 'text/html' });
        response.end(problem ?? 'ok');
      },
      () => response.destroy(),
    );
  });

  function take(body: string): string | undefined {
    const text = textOf(body);
    if (text === undefined) return 'invalid_payload';
    if (text.trim() === '') return 'no_text';
    received.push({ text });
    return undefined;
  }

  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}/services/T00000000/B00000000/XXXXXXXX`,
    messages: () => [...received],
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

interface Payload {
  readonly text?: string;
  readonly attachments?: readonly {
    readonly title?: string;
    readonly text?: string;
    readonly fallback?: string;
  }[];
}

/** All that a person would read; `undefined` when the body is no message. */
function textOf(body: string): string | undefined {
  let payload: Payload | null;
  try {
    payload = JSON.parse(body) as Payload | null;
  } catch {
    return undefined;
  }
  if (typeof payload !== 'object' || payload === null) return undefined;
  const attachments = payload.attachments ?? [];
  return [payload.text ?? '', ...attachments.flatMap(({ title = '', text = '' }) => [title, text])]
    .join('\n')
    .trim();
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
  return body;
}
