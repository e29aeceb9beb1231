import type { Request, Response } from 'express';
import { InvalidRequestError, messageOf } from '@docker-flow/daemon/errors';
import { queryOf, sendJson } from '@docker-flow/daemon/http/app';
import { cameThroughProxy } from '@docker-flow/daemon/http/through-proxy';
import type { Certificates } from '../certificates/certificates.js';
import type { Peers } from '../replicas/peers.js';
import { flag, parametersOf } from './query.js';
import { readBody } from './read-body.js';

export interface CertificateHandlersDeps {
  readonly certificates: Pick<Certificates, 'put' | 'remove' | 'list'>;
  readonly peers: Pick<Peers, 'addresses' | 'forward'>;
}

export interface CertificateHandlers {
  /** `PUT` and `DELETE` of one certificate. */
  one(request: Request, response: Response): Promise<void>;
  list(request: Request, response: Response): Promise<void>;
}

/** The endpoints of certificates. */
export function createCertificateHandlers({
  certificates,
  peers,
}: CertificateHandlersDeps): CertificateHandlers {
  async function remove(request: Request, response: Response): Promise<void> {
    const parameters = parametersOf(request);
    const name = parameters['certName'] ?? '';
    try {
      if (name === '') throw new InvalidRequestError('Query parameter certName is mandatory');
      await certificates.remove(name);
      if (flag(parameters, 'distribute'))
        await peers.forward({ method: 'DELETE', path: request.path, query: queryOf(request) });
      sendJson(response, 200, { Status: 'OK', Message: '', Certs: null });
    } catch (error) {
      sendJson(response, 400, { Status: 'NOK', Message: messageOf(error), Certs: null });
    }
  }

  return {
    async one(request, response) {
      if (request.method === 'DELETE') {
        await remove(request, response);
        return;
      }
      if (request.method !== 'PUT') {
        response.status(405).setHeader('Allow', 'PUT, DELETE').end();
        return;
      }
      const body = await readBody(request, response);
      const parameters = parametersOf(request);
      const name = parameters['certName'] ?? '';
      const refuse = (message: string) =>
        sendJson(response, 400, { Status: 'NOK', Message: message, Certs: null });
      if (name === '') {
        refuse('Query parameter certName is mandatory');
        return;
      }
      if (body === '') {
        refuse('Body is empty');
        return;
      }
      const distribute = flag(parameters, 'distribute');
      try {
        if (distribute) await peers.addresses();
        await certificates.put(name, body);
        if (distribute) {
          await peers.forward({ method: 'PUT', path: request.path, query: queryOf(request), body });
        }
        if (distribute) response.status(200).end();
        else sendJson(response, 200, { Status: 'OK', Message: '', Certs: null });
      } catch (error) {
        refuse(messageOf(error));
      }
    },

    async list(request, response) {
      const list = await certificates.list({
        address: request.socket.remoteAddress,
        throughProxy: cameThroughProxy(request.headers),
      });
      sendJson(response, 200, { Status: 'OK', Message: '', Certs: list });
    },
  };
}
