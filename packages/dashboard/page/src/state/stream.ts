import { isLive, lostAtMs, now, setServerTime, take, type Told } from './store.js';

/** Longer silence than two heartbeats: the connection is dead, whatever the browser thinks. */
const SILENCE_MS = 25_000;
const RETRY_MS = 1_000;

/** Hears of changes for ever; after a cut it asks for what is different since. */
export function followChanges(): void {
  let lastId = '';
  let source: EventSource | undefined;
  let silence = 0;
  let retry = 0;

  function lose(): void {
    source?.close();
    if (isLive.peek() || lostAtMs.peek() === undefined) lostAtMs.value = now.peek();
    isLive.value = false;
    window.clearTimeout(retry);
    window.clearTimeout(silence);
    retry = window.setTimeout(open, RETRY_MS);
  }

  function hear(event: MessageEvent<string>): Told {
    if (event.lastEventId !== '') lastId = event.lastEventId;
    window.clearTimeout(silence);
    silence = window.setTimeout(lose, SILENCE_MS);
    isLive.value = true;
    lostAtMs.value = undefined;
    return JSON.parse(event.data) as Told;
  }

  function open(): void {
    source = new EventSource(`v1/events${lastId === '' ? '' : `?since=${encodeURIComponent(lastId)}`}`);
    source.addEventListener('whole', (event: MessageEvent<string>) => take(hear(event), true));
    source.addEventListener('change', (event: MessageEvent<string>) => take(hear(event), false));
    source.addEventListener('heartbeat', (event: MessageEvent<string>) => setServerTime(hear(event).atMs));
    source.addEventListener('error', lose);
  }

  open();
  window.addEventListener('online', () => {
    if (!isLive.peek()) lose();
  });
  window.addEventListener('offline', lose);
}

/** @throws {Error} with the reason, when the server does not answer as it should */
export async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, signal === undefined ? {} : { signal });
  const body = (await response.json()) as T & { readonly message?: string };
  if (!response.ok) throw new Error(body.message ?? `status ${response.status}`);
  return body;
}
