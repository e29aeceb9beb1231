import { notificationUrl } from '@docker-flow/labels';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Delivery } from '../core/notifications/delivery.js';
import type { ReceiverResponse, Notifier } from '../ports.js';

export interface NotifierOptions {
  /** For one attempt, redirects included; 0: none. */
  readonly timeoutMs: number;
}

/** Sends one notification: everything is in the query, there is no body. Redirects are followed as Go's client does. */
export function createNotifier(http: HttpClient, { timeoutMs }: NotifierOptions): Notifier {
  return {
    async send({ receiver, parameters }: Delivery, signal: AbortSignal): Promise<ReceiverResponse> {
      const { method, authorization } = receiver;
      const { status, body } = await http.request({
        method,
        url: notificationUrl(receiver.url, parameters),
        headers: authorization === undefined ? {} : { Authorization: authorization },
        signal,
        timeoutMs: timeoutMs > 0 ? timeoutMs : Infinity,
        redirects: 'go-like',
      });
      return { status, body };
    },
  };
}
