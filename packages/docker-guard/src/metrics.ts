import { Counter, type Registry } from 'prom-client';

/** What became of a request. */
export type RequestResult = 'passed' | 'rejected' | 'failed';

export interface GuardMetrics {
  request(kind: 'read' | 'update' | 'other', result: RequestResult): void;
}

export function createGuardMetrics(registry: Registry): GuardMetrics {
  const requests = new Counter({
    name: 'docker_flow_guard_requests_total',
    help: 'Requests to Docker, by what was asked and what became of it.',
    labelNames: ['kind', 'result'],
    registers: [registry],
  });
  return { request: (kind, result) => requests.inc({ kind, result }) };
}
