import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { UpstreamError, messageOf } from '@docker-flow/daemon/errors';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { MessageSink } from '../ports.js';
import { createSendQueue, type SendQueue } from './send-queue.js';

export interface SlackOptions {
  /** The incoming webhook, which is a secret; `undefined`: nothing is sent. */
  readonly webhookUrl: string | undefined;
  readonly http: HttpClient;
  readonly logger: Logger;
  readonly onSent?: (ok: boolean) => void;
  /** Pauses before the second and third attempt. */
  readonly pausesMs?: readonly number[];
}

const LONGEST_PAUSE_MS = 10_000;

/** Lines for people in a Slack channel: in order, beside the answers of the API. */
export function createSlack(options: SlackOptions): MessageSink & Pick<SendQueue, 'idle'> {
  const { webhookUrl, http, logger, onSent, pausesMs = [1_000, 3_000] } = options;

  async function post(url: string, text: string): Promise<number | undefined> {
    const answer = await http.request({
      method: 'POST',
      url,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ text: escapeText(text) }),
    });
    if (answer.status >= 200 && answer.status < 300) return undefined;
    if (answer.status === 429 || answer.status >= 500) return Number(answer.headers['retry-after']) || 0;
    throw new UpstreamError(`Slack answered ${answer.status}: ${answer.body.slice(0, 100)}`);
  }

  async function send(url: string, text: string): Promise<void> {
    try {
      for (const pauseMs of [...pausesMs, undefined]) {
        const waitSeconds = await post(url, text).catch((error: unknown) => {
          if (error instanceof UpstreamError && pauseMs !== undefined && isNoAnswer(error)) return 0;
          throw error;
        });
        if (waitSeconds === undefined) {
          onSent?.(true);
          return;
        }
        if (pauseMs === undefined) throw new UpstreamError('Slack is overloaded or out of order');
        await sleep(Math.min(LONGEST_PAUSE_MS, Math.max(pauseMs, waitSeconds * 1_000)));
      }
    } catch (error) {
      onSent?.(false);
      // The address is the secret: only what Slack or the network said is logged.
      const reason = messageOf(error).replaceAll(url, '(webhook)');
      logger.warn('Slack did not receive message', { summary: text, reason });
    }
  }

  const queue = createSendQueue({ logger, onDropped: () => onSent?.(false) });
  return {
    send(text) {
      if (webhookUrl !== undefined) queue.push('slack', () => send(webhookUrl, text));
    },
    idle: () => queue.idle(),
  };
}

function isNoAnswer(error: UpstreamError): boolean {
  return error.cause !== undefined;
}

/** Slack's three control characters; without this a service name could become a link or a mention. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
