import { UpstreamError, messageOf } from '@docker-flow/daemon/errors';
import type { DockerEndpoint } from '@docker-flow/docker/endpoint';
import { createTransport } from '@docker-flow/docker/transport';
import type { Engine } from '../ports.js';

/** The engine over the transport that all programs use. */
export function createEngine(endpoint: DockerEndpoint): Engine {
  const transport = createTransport(endpoint);
  return {
    description: endpoint.description,
    async ask(call, signal) {
      try {
        const answer = await transport.dial(call, signal);
        return {
          status: answer.statusCode ?? 502,
          contentType: answer.headers['content-type'],
          body: answer,
        };
      } catch (error) {
        if (signal.aborted) transport.closeIdleConnections();
        throw new UpstreamError(`Docker at ${endpoint.description} does not answer: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
  };
}
