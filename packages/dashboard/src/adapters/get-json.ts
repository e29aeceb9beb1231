import type { z } from 'zod/v3';
import { UpstreamError } from '@docker-flow/daemon/errors';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import { redactText } from '@docker-flow/daemon/log/redact';

const TIMEOUT_MS = 5_000;

/**
 * The text of an answer.
 *
 * @throws {UpstreamError} on a broken connection or a status other than 200
 */
export async function getText(http: HttpClient, url: string, signal?: AbortSignal): Promise<string> {
  const { status, body } = await http.request({
    url,
    timeoutMs: TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  if (status !== 200) throw new UpstreamError(`GET ${redactText(url)}: status ${status}`);
  return body;
}

/**
 * What a text says, in the form that is expected.
 *
 * @throws {UpstreamError} for anything else
 */
export function readJson<S extends z.ZodTypeAny>(text: string, schema: S, url: string): z.output<S> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new UpstreamError(`GET ${redactText(url)}: no JSON`);
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data as z.output<S>;
  const [issue] = result.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw new UpstreamError(`GET ${redactText(url)}: unexpected answer: ${place} ${issue?.message ?? ''}`);
}

/** @throws {UpstreamError} on a broken connection, another status than 200, or an unexpected answer */
export async function getJson<S extends z.ZodTypeAny>(
  http: HttpClient,
  url: string,
  schema: S,
  signal?: AbortSignal,
): Promise<z.output<S>> {
  return readJson(await getText(http, url, signal), schema, url);
}
