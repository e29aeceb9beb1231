import { expect, test } from '@jest/globals';
import type { HttpRequest } from '@docker-flow/daemon/http/client';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createPeers } from './peers.js';

interface Sent {
  readonly requests: HttpRequest[];
}

interface Surroundings {
  readonly addresses?: readonly string[];
  readonly own?: readonly string[];
  readonly token?: string;
  readonly answer?: (url: string) => { readonly status: number; readonly body: string };
}

function world({
  addresses = ['10.0.1.5', '10.0.1.6', '10.0.1.7'],
  own = ['127.0.0.1/8', '10.0.1.5/24'],
  token,
  answer = () => ({ status: 200, body: 'yes' }),
}: Surroundings = {}) {
  const sent: Sent = { requests: [] };
  const http = {
    request(request: HttpRequest) {
      sent.requests.push(request);
      try {
        return Promise.resolve({ ...answer(request.url), headers: {} });
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
    },
  };
  const asked: string[] = [];
  const peers = createPeers({
    serviceName: 'proxy',
    port: 8081,
    resolver: {
      lookup(host) {
        asked.push(host);
        return Promise.resolve(addresses);
      },
    },
    ownAddresses: () => own,
    http,
    token,
    logger: silentLogger(),
  });
  return { peers, sent, asked };
}

const REQUEST = {
  method: 'GET',
  path: '/v1/docker-flow-proxy/reconfigure',
  query: [
    ['serviceName', 'web'],
    ['distribute', 'true'],
    ['servicePath', '/a b'],
  ] as const,
};

test('every other replica gets the request as it came, with distribute=false', async () => {
  const { peers, sent, asked } = world();
  await peers.forward(REQUEST);
  expect(asked).toEqual(['tasks.proxy']);
  expect(sent.requests.map(({ url }) => url)).toEqual(
    ['10.0.1.6', '10.0.1.7'].map(
      (address) =>
        `http://${address}:8081/v1/docker-flow-proxy/reconfigure?distribute=false&serviceName=web&servicePath=%2Fa+b`,
    ),
  );
});

test('those that did not take it are named, the others have it', async () => {
  const { peers, sent } = world({
    answer(url) {
      if (url.includes('10.0.1.6')) throw new Error('ECONNREFUSED');
      return { status: 200, body: '' };
    },
  });
  await expect(peers.forward(REQUEST)).rejects.toThrow(
    'Could not send distribute request to the following addresses: [10.0.1.6]',
  );
  expect(sent.requests).toHaveLength(2);
});

test('an answer of 300 and above is none', async () => {
  const { peers } = world({ answer: () => ({ status: 400, body: '' }) });
  await expect(peers.forward(REQUEST)).rejects.toThrow('[10.0.1.6 10.0.1.7]');
});

test('without a record of our tasks there is a hint what to set', async () => {
  const { peers } = world({ addresses: [] });
  await expect(peers.addresses()).rejects.toThrow(
    /Could not perform DNS lookup for tasks\.proxy.*SERVICE_NAME/,
  );
});

test('addresses in networks that we are not on are left alone, unless there are no others', async () => {
  expect(await world({ addresses: ['10.0.1.6', '10.0.9.6'] }).peers.addresses()).toEqual(['10.0.1.6']);
  expect(await world({ addresses: ['10.0.9.6'] }).peers.addresses()).toEqual(['10.0.9.6']);
});

test('others are shown the token', async () => {
  const { peers, sent } = world({ token: 'secret' });
  await peers.ask('/certs');
  expect(sent.requests[0]?.headers).toEqual({ Authorization: 'Bearer secret' });
});

test('who does not answer on our port is asked on the other one; who refuses is not', async () => {
  const { peers, sent } = world({
    answer(url) {
      if (url.startsWith('http://10.0.1.6:8081')) throw new Error('ECONNREFUSED');
      return { status: url.includes('10.0.1.7') ? 500 : 200, body: url };
    },
  });
  expect(await peers.ask('/certs', 8080)).toEqual(['http://10.0.1.6:8080/certs']);
  expect(sent.requests).toHaveLength(3);
});

test('an address of ours or of another replica is a peer', async () => {
  const { peers } = world();
  expect(await peers.isPeer('10.0.1.6')).toBe(true);
  expect(await peers.isPeer('10.0.1.99')).toBe(false);
});
