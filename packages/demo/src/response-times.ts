import type { RequestHandler } from 'express';
import { Histogram, type Registry } from 'prom-client';
import { RESPONSE_TIME_BUCKETS, requestKind, responseCode } from './core/response-time.js';

/**
 * Middleware that measures every answer to a client in the histogram `http_server_resp_time`, in seconds
 * until the last byte was handed over.
 */
export function measureResponseTimes(
  registry: Registry,
  serviceName: string,
  routes: ReadonlySet<string>,
): RequestHandler {
  const responseTime = new Histogram({
    name: 'http_server_resp_time',
    help: 'Response time of the service in seconds',
    labelNames: ['service', 'code', 'method', 'path'],
    buckets: [...RESPONSE_TIME_BUCKETS],
    registers: [registry],
  });
  return (request, response, next) => {
    const kind = requestKind(request.method, request.path, routes);
    if (kind) {
      const start = performance.now();
      response.once('close', () => {
        responseTime.observe(
          {
            service: serviceName,
            code: responseCode(response.statusCode, response.writableFinished),
            ...kind,
          },
          (performance.now() - start) / 1_000,
        );
      });
    }
    next();
  };
}
