import { UpstreamError, messageOf } from '@docker-flow/daemon/errors';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { formatAlert, type Alert } from '../core/alert.js';
import type { AlertSink } from '../ports.js';
import { createSendQueue, type SendQueue } from './send-queue.js';

export interface AlertmanagerOptions {
  /** Base addresses; all members of a cluster want every alert. Empty: nothing is sent. */
  readonly addresses: readonly string[];
  readonly lifeMs: number;
  readonly http: HttpClient;
  readonly logger: Logger;
  readonly now: () => number;
  readonly onSent?: (ok: boolean) => void;
}

type ApiVersion = 'v1' | 'v2';

/**
 * Alerts for Alertmanager: in order, beside the answers of the API. Each member has a queue of its own, since
 * alerts live for seconds only: waiting for a member that hangs, they would reach the others too late.
 */
export function createAlertmanager(options: AlertmanagerOptions): AlertSink & Pick<SendQueue, 'idle'> {
  const { addresses, lifeMs, http, logger, now, onSent } = options;
  const queue = createSendQueue({ logger, onDropped: () => onSent?.(false) });
  const members = addresses.map((address) => ({ address, post: createMember(address, http) }));

  async function send(post: (body: string) => Promise<void>, body: string, summary: string): Promise<void> {
    try {
      await post(body);
      onSent?.(true);
    } catch (error) {
      onSent?.(false);
      logger.warn('Alertmanager did not receive message', { summary, reason: messageOf(error) });
    }
  }

  return {
    send(alert: Alert) {
      const body = formatAlert(alert, now(), lifeMs);
      for (const { address, post } of members) queue.push(address, () => send(post, body, alert.summary));
    },
    idle: () => queue.idle(),
  };
}

/**
 * Posts to one Alertmanager: API v2, or v1 where v2 is unknown (before 0.16). What worked is used from
 * then on, until it is gone (v1 since 0.27).
 */
function createMember(address: string, http: HttpClient): (body: string) => Promise<void> {
  let known: ApiVersion | undefined;

  async function post(version: ApiVersion, body: string): Promise<number> {
    const url = `${address}/api/${version}/alerts`;
    const answer = await http.request({
      method: 'POST',
      url,
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    if (answer.status >= 200 && answer.status < 300 && !(version === 'v1' && saysError(answer.body)))
      return 200;
    if (answer.status === 404 || answer.status === 410) return answer.status;
    throw new UpstreamError(`${url} answered ${answer.status}: ${answer.body.slice(0, 200)}`);
  }

  return async (body) => {
    const order: readonly ApiVersion[] = known === 'v1' ? ['v1', 'v2'] : ['v2', 'v1'];
    for (const version of order) {
      if ((await post(version, body)) === 200) {
        known = version;
        return;
      }
    }
    throw new UpstreamError(`${address} offers neither API v2 nor v1`);
  };
}

function saysError(body: string): boolean {
  try {
    return (JSON.parse(body) as { status?: unknown }).status === 'error';
  } catch {
    return false;
  }
}
