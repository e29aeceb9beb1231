import { messageOf } from '@docker-flow/daemon/errors';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import { z } from 'zod/v3';
import type { QueryResult } from '../core/autoscaling/look/query-result.js';
import type { MetricsServer } from '../ports.js';

export interface PrometheusOptions {
  /** Base address, without a slash at its end. */
  readonly address: string;
  readonly http: HttpClient;
  /** Value of the header `Authorization`. */
  readonly authorization?: string | undefined;
}

const Sample = z.tuple([z.number(), z.string()]);
const Answer = z.union([
  z.object({ status: z.literal('error'), error: z.string().optional() }),
  z.object({
    status: z.literal('success'),
    data: z.union([
      z.object({
        resultType: z.literal('vector'),
        result: z.array(z.object({ metric: z.record(z.string()), value: Sample })),
      }),
      z.object({ resultType: z.literal('scalar'), result: Sample }),
      z.object({ resultType: z.enum(['matrix', 'string']) }),
    ]),
  }),
]);

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

function readAnswer(status: number, body: string): QueryResult {
  const answer = Answer.safeParse(parseJson(body));
  if (!answer.success) return { ok: false, reason: `Prometheus answered ${status} and no result` };
  if (answer.data.status === 'error')
    return { ok: false, reason: `Prometheus: ${answer.data.error ?? `status ${status}`}` };
  const { data } = answer.data;
  if (data.resultType === 'scalar') return { ok: true, series: [{ labels: {}, value: data.result[1] }] };
  if (data.resultType !== 'vector')
    return { ok: false, reason: `the expression yields a ${data.resultType}, not numbers` };
  return { ok: true, series: data.result.map(({ metric, value }) => ({ labels: metric, value: value[1] })) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
