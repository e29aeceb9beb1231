import { messageOf } from '@docker-flow/daemon/errors';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { QueryResult } from '../core/autoscaling/look/query-result.js';
import type { MetricsServer } from '../ports.js';

export interface PrometheusOptions {
  /** Base address, without a slash at its end. */
  readonly address: string;
  readonly http: HttpClient;
  /** Value of the header `Authorization`. */
  readonly authorization?: string | undefined;
}

/** Instant queries to the HTTP API of Prometheus (`POST /api/v1/query`). */
export function createPrometheus({ address, http, authorization }: PrometheusOptions): MetricsServer {
  async function query(expression: string, timeoutMs: number): Promise<QueryResult> {
    try {
      const { status, body } = await http.request({
        method: 'POST',
        url: `${address}/api/v1/query`,
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded',
          ...(authorization === undefined ? {} : { Authorization: authorization }),
        },
        body: new URLSearchParams({ query: expression, timeout: `${timeoutMs}ms` }).toString(),
        timeoutMs,
      });
      return readAnswer(status, body);
    } catch (error) {
      return { ok: false, reason: `Prometheus at ${address} gave no answer: ${messageOf(error)}` };
    }
  }
  return { address, query };
}

interface Answer {
  readonly status?: unknown;
  readonly error?: unknown;
  readonly data?: { readonly resultType?: unknown; readonly result?: unknown };
}

/** Answers of thousands of series come every few seconds, so they are read as they are, without a copy. */
function readAnswer(status: number, body: string): QueryResult {
  const answer = parseJson(body) as Answer | null | undefined;
  if (answer?.status === 'error')
    return {
      ok: false,
      reason: `Prometheus: ${typeof answer.error === 'string' ? answer.error : `status ${status}`}`,
    };
  const { resultType, result } = answer?.data ?? {};
  if (answer?.status !== 'success' || !Array.isArray(result))
    return { ok: false, reason: `Prometheus answered ${status} and no result` };
  if (resultType === 'scalar') return { ok: true, series: [{ labels: {}, value: String(result[1]) }] };
  if (resultType !== 'vector')
    return { ok: false, reason: `the expression yields a ${String(resultType)}, not numbers` };
  const series = (result as readonly Sample[]).map(({ metric, value }) => ({
    labels: metric ?? {},
    value: String(value?.[1]),
  }));
  return { ok: true, series };
}

interface Sample {
  readonly metric?: Readonly<Record<string, string>>;
  readonly value?: readonly [atSeconds: number, value: string];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
