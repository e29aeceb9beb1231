import type { Request, Response } from 'express';
import { messageOf } from '@docker-flow/daemon/errors';
import { queryOf, sendJson } from '@docker-flow/daemon/http/app';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Parameters } from '@docker-flow/labels';
import type { Peers } from '../replicas/peers.js';
import type { ServiceRequests, ServiceResult } from '../services/service-requests.js';
import { flag, parametersOf } from './query.js';
import { emptyService, serviceAnswer } from './service-json.js';

const DISTRIBUTED = 'Distributed to all instances';

export interface ServiceHandlersDeps {
  readonly requests: Pick<ServiceRequests, 'reconfigure' | 'remove' | 'recreate'>;
  readonly peers: Pick<Peers, 'addresses' | 'forward'>;
  /** Makes what is on disk run. */
  readonly reloadFromDisk: () => Promise<void>;
  /** Asks the listeners to notify all services again. @throws when one did not take it */
  readonly askListeners: () => Promise<void>;
  readonly logger: Logger;
}

export interface ServiceHandlers {
  reconfigure(request: Request, response: Response): Promise<void>;
  remove(request: Request, response: Response): Promise<void>;
  reload(request: Request, response: Response): Promise<void>;
}

/** The endpoints that change services. */
export function createServiceHandlers(deps: ServiceHandlersDeps): ServiceHandlers {
  const { requests, peers, logger } = deps;

  /** Does the work here, and when the request says so on all other replicas at the same time. */
  async function perform<T>(request: Request, parameters: Parameters, work: () => Promise<T>): Promise<T> {
    if (!flag(parameters, 'distribute')) return work();
    // Without a record of the others nothing is done at all.
    await peers.addresses();
    const forwarded = { method: 'GET', path: request.path, query: queryOf(request) };
    const [result] = await Promise.all([work(), peers.forward(forwarded)]);
    return result;
  }

  return {
    async reconfigure(request, response) {
      const parameters = parametersOf(request);
      const name = parameters['serviceName'];
      const distribute = flag(parameters, 'distribute');
      logger.info('Processing reconfigure request', { service: name });
      try {
        const result = await perform(request, parameters, () => requests.reconfigure(parameters));
        const said = result.message === '' ? DISTRIBUTED : `${DISTRIBUTED}; ${result.message}`;
        sendResult(response, distribute && result.status === 200 ? { ...result, message: said } : result);
      } catch (error) {
        const service = { ...emptyService(name), distribute };
        sendResult(response, { service, status: 500, message: messageOf(error) });
      }
    },

    async remove(request, response) {
      const parameters = parametersOf(request);
      const { serviceName: name = '', aclName = '' } = parameters;
      const distribute = flag(parameters, 'distribute');
      logger.info('Processing remove request', { service: name });
      if (name === '') {
        const message = 'The serviceName query is mandatory';
        sendResult(response, { service: emptyService(), status: 400, message });
        return;
      }
      const service = { ...emptyService(name), aclName, distribute };
      try {
        await perform(request, parameters, () =>
          requests.remove(name).catch((error: unknown) => {
            logger.error('Reload after a removal failed', { service: name, reason: messageOf(error) });
          }),
        );
        sendResult(response, { service, status: 200, message: distribute ? DISTRIBUTED : '' });
      } catch (error) {
        sendResult(response, { service, status: 500, message: messageOf(error) });
      }
    },

    async reload(request, response) {
      const parameters = parametersOf(request);
      try {
        if (flag(parameters, 'fromListener')) await deps.askListeners();
        else if (flag(parameters, 'recreate')) await requests.recreate();
        else await deps.reloadFromDisk();
        sendOk(response);
      } catch (error) {
        sendResult(response, { service: emptyService(), status: 500, message: messageOf(error) });
      }
    },
  };
}

/** An answer in the words of the original. */
function sendResult(response: Response, { service, status, message }: ServiceResult): void {
  const { ServiceName, ...fields } = serviceAnswer(service, undefined);
  sendJson(response, status, {
    Status: status === 200 ? 'OK' : 'NOK',
    Message: message,
    ServiceName,
    ...fields,
  });
}

/** The same when it speaks of no service. */
export function sendOk(response: Response, message = ''): void {
  sendResult(response, { service: emptyService(), status: 200, message });
}
