import type { Readable } from 'node:stream';
import axios from 'axios';
import { UpstreamError, messageOf } from '../errors.js';
import { redactText } from '../log/redact.js';

/** One server-sent event. */
export interface ServerEvent {
  /** `message` where the server says nothing else. */
  readonly event: string;
  readonly data: string;
}

export interface EventSourceOptions {
  /** A user name and password in it become a header. */
  readonly url: string;
  readonly signal: AbortSignal;
  /** A stream on which nothing comes for so long, not even a comment, is dead. */
  readonly silenceMs: number;
  readonly onEvent: (event: ServerEvent) => void;
}

/** More of one event is not waited for. */
const LONGEST_EVENT = 10 * 1024 * 1024;

/**
 * Reads server-sent events until the signal aborts; then it resolves.
 *
 * @throws {UpstreamError} when the stream cannot be opened, ends, or says nothing for too long
 */
export async function readEvents({ url, signal, silenceMs, onEvent }: EventSourceOptions): Promise<void> {
  const silence = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  function hear(): void {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), silenceMs);
  }
  hear();
  try {
    const response = await axios.get<Readable>(url, {
      responseType: 'stream',
      headers: { Accept: 'text/event-stream' },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    const take = createEventParser(onEvent);
    response.data.setEncoding('utf8');
    for await (const chunk of response.data) {
      hear();
      take(chunk as string);
    }
    throw new Error('the stream has ended');
  } catch (error) {
    if (signal.aborted) return;
    const reason = silence.signal.aborted ? `nothing for ${silenceMs} ms` : messageOf(error);
    throw new UpstreamError(`GET ${redactText(url)}: ${redactText(reason)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Takes a stream in any pieces and tells its events; comments, ids and retries are left out. */
export function createEventParser(onEvent: (event: ServerEvent) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    rest += text;
    if (rest.length > LONGEST_EVENT) throw new Error('an event is too long');
    const events = rest.split(/\r\n\r\n|\n\n|\r\r/);
    rest = events.pop() ?? '';
    for (const lines of events) {
      let event = 'message';
      const data: string[] = [];
      for (const line of lines.split(/\r\n|\n|\r/)) {
        const [, field = '', value = ''] = /^([a-z]+)(?:: ?(.*))?$/s.exec(line) ?? [];
        if (field === 'event') event = value;
        if (field === 'data') data.push(value);
      }
      if (data.length > 0) onEvent({ event, data: data.join('\n') });
    }
  };
}
