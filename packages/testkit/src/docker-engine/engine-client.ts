import { request, type IncomingMessage, type RequestOptions } from 'node:http';

export interface EngineAnswer {
  readonly status: number;
  readonly text: string;
  /** The answer as JSON; `undefined` when it is none. */
  readonly body: unknown;
}

/** The Engine API call by call, with nothing in between that could hide how an engine answers. */
export interface EngineClient {
  /** @throws {Error} when no whole answer came within the time limit */
  call(method: string, path: string, body?: object): Promise<EngineAnswer>;
  /** Each line of `GET /events…` as it comes, until the signal aborts or the stream breaks. */
  followEvents(
    path: string,
    handlers: { readonly onOpen?: () => void; readonly onEvent: (event: unknown) => void },
    signal: AbortSignal,
  ): Promise<void>;
}

/** `dockerHost`: `unix://path` or `tcp://host:port`. */
export function createEngineClient(dockerHost: string, { timeoutMs = 20_000 } = {}): EngineClient {
  const target: RequestOptions = dockerHost.startsWith('unix://')
    ? { socketPath: dockerHost.slice('unix://'.length) }
    : { host: new URL(dockerHost).hostname, port: new URL(dockerHost).port };

  function open(options: RequestOptions, body?: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = request({ ...target, agent: false, ...options }, resolve);
      sent.on('error', reject);
      sent.end(body);
    });
  }

  return {
    async call(method, path, body) {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers = text === undefined ? {} : { 'Content-Type': 'application/json' };
      const answer = await open({ method, path, headers, signal: AbortSignal.timeout(timeoutMs) }, text);
      let received = '';
      answer.setEncoding('utf8');
      for await (const chunk of answer) received += chunk as string;
      return { status: answer.statusCode ?? 0, text: received, body: jsonOf(received) };
    },
    async followEvents(path, { onOpen, onEvent }, signal) {
      try {
        const answer = await open({ path, signal });
        onOpen?.();
        let rest = '';
        answer.setEncoding('utf8');
        for await (const chunk of answer) {
          const lines = (rest + (chunk as string)).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) if (line !== '') onEvent(JSON.parse(line));
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
