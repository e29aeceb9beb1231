import acme from 'acme-client';
import { messageOf } from '@docker-flow/daemon/errors';
import {
  AuthorityError,
  type Authority,
  type AuthorityAccount,
  type Authorization,
  type Order,
} from '../ports.js';
import { readJson, readProblem, readRetryAfter, type AuthorityHttp } from './authority-http.js';
import { createNonces, type Nonces } from './nonces.js';

export interface AuthorityOptions {
  readonly http: AuthorityHttp;
  readonly directoryUrl: string;
  /** Binding to an account that somebody has at the authority by other means. */
  readonly binding: { readonly keyId: string; readonly hmacKey: string } | undefined;
  readonly nowMs: () => number;
}

const NONCE = 'replay-nonce';
const NONCE_REPEATS = 10;
const DIRECTORY_AGE_MS = 3_600_000;
const ASK_RENEWAL_AGAIN_MS = 6 * 3_600_000;

/**
 * An authority by the single steps of acme-client. That client repeats requests and forgets what errors say; so its
 * axios is given a transport of ours, which throws them whole.
 */
export function createAuthority(options: AuthorityOptions): Authority {
  const { http, directoryUrl, binding, nowMs } = options;
  acme.axios.defaults.adapter = transport(http, createNonces(nowMs)) as never;
  let directory: { readonly document: Record<string, unknown>; readonly readAtMs: number } | undefined;
  const accounts = new Map<string, AuthorityAccount>();

  function clientOf(keyPem: string, url?: string): acme.Client {
    const client = new acme.Client({
      directoryUrl,
      accountKey: keyPem,
      ...(url === undefined ? {} : { accountUrl: url }),
      ...(binding ? { externalAccountBinding: { kid: binding.keyId, hmacKey: binding.hmacKey } } : {}),
    });
    (client as unknown as { http: { maxBadNonceRetries: number } }).http.maxBadNonceRetries = NONCE_REPEATS;
    return client;
  }

  async function readDirectory(): Promise<Record<string, unknown>> {
    if (directory && Math.abs(nowMs() - directory.readAtMs) < DIRECTORY_AGE_MS) return directory.document;
    const { body } = await http.send({
      method: 'GET',
      url: directoryUrl,
      body: undefined,
      contentType: undefined,
    });
    const document = readJson(body);
    if (typeof document !== 'object' || document === null || !('newOrder' in document))
      throw unexpected('the directory of the authority is none');
    directory = { document: { ...document }, readAtMs: nowMs() };
    return directory.document;
  }

  function profilesOf(document: Record<string, unknown>): readonly string[] {
    const { profiles } = Object(document['meta']) as Record<string, unknown>;
    return Object.keys(typeof profiles === 'object' && profiles !== null ? profiles : {});
  }

  return {
    profiles: () => directory && profilesOf(directory.document),
    async directory() {
      const document = await readDirectory();
      const meta = (document['meta'] ?? {}) as Record<string, unknown>;
      const { termsOfService, externalAccountRequired } = meta;
      return {
        terms: typeof termsOfService === 'string' && termsOfService !== '' ? termsOfService : undefined,
        profiles: profilesOf(document),
        needsBinding: externalAccountRequired === true,
        hasRenewalInfo: typeof document['renewalInfo'] === 'string',
      };
    },
    async openAccount(keyPem, { email }) {
      const client = clientOf(keyPem);
      try {
        await asking(() =>
          client.createAccount({
            termsOfServiceAgreed: true,
            ...(email === undefined ? {} : { contact: [`mailto:${email}`] }),
          }),
        );
      } catch (error) {
        // An account that is there already is updated by the client at once, which not every authority wants.
        if (knownUrl(client) === undefined) throw error;
      }
      return client.getAccountUrl();
    },
    as({ keyPem, url }) {
      const id = `${url} ${keyPem}`;
      const known = accounts.get(id) ?? accountOf(clientOf(keyPem, url));
      accounts.clear();
      accounts.set(id, known);
      return known;
    },
    async renewalInfo(renewalId) {
      const address = (await readDirectory())['renewalInfo'];
      if (typeof address !== 'string') throw unexpected('the authority has no renewal information');
      const url = `${address.replace(/\/$/, '')}/${renewalId}`;
      const { body, headers } = await http.send({
        method: 'GET',
        url,
        body: undefined,
        contentType: undefined,
      });
      const { suggestedWindow } = Object(readJson(body)) as { suggestedWindow?: Record<string, unknown> };
      const { start, end } = Object(suggestedWindow) as Record<string, unknown>;
      return {
        start: String(start),
        end: String(end),
        askAgainMs: nowMs() + (readRetryAfter(headers['retry-after'], nowMs()) ?? ASK_RENEWAL_AGAIN_MS),
      };
    },
  };
}

function accountOf(client: acme.Client): AuthorityAccount {
  return {
    order: async ({ names, replaces, profile }) =>
      toOrder(
        await asking(() =>
          client.createOrder({
            identifiers: names.map((value) => ({ type: 'dns', value })),
            ...(replaces === undefined ? {} : { replaces }),
            ...(profile === undefined ? {} : { profile }),
          }),
        ),
      ),
    orderAt: async (url) => toOrder(await asking(() => client.getOrder({ url } as acme.Order))),
    async authorization(url) {
      const [found] = await asking(() => client.getAuthorizations({ authorizations: [url] } as acme.Order));
      if (!found) throw unexpected('the authority has no such authorization');
      return toAuthorization(found);
    },
    dnsAnswer: (challenge) =>
      client.getChallengeKeyAuthorization({ ...challenge, type: 'dns-01' } as unknown as Parameters<
        acme.Client['completeChallenge']
      >[0]),
    async answered(challenge) {
      await asking(() =>
        client.completeChallenge(challenge as unknown as Parameters<acme.Client['completeChallenge']>[0]),
      );
    },
    finalize: async (order, csr) =>
      toOrder(await asking(() => client.finalizeOrder(order as unknown as acme.Order, csr))),
    certificate: (order) => asking(() => client.getCertificate(order as unknown as acme.Order)),
  };
}

function toOrder(order: acme.Order): Order {
  const { url, status, identifiers, authorizations, finalize, certificate, error } = order;
  const problem = readProblem(error);
  return {
    url,
    status,
    names: identifiers.map(({ value }) => value),
    authorizations,
    finalize,
    certificate,
    problem: problem && { ...problem, retryAfterMs: undefined },
  };
}

function toAuthorization({
  identifier,
  url,
  status,
  challenges,
  wildcard,
}: acme.Authorization): Authorization {
  return {
    name: wildcard === true ? `*.${identifier.value}` : identifier.value,
    url,
    status,
    challenges: challenges.map((challenge) => {
      const { type, url: address, status: state, token } = challenge;
      const problem = readProblem((challenge as { error?: unknown }).error);
      return {
        type,
        url: address,
        status: state,
        token,
        problem: problem && { ...problem, retryAfterMs: undefined },
      };
    }),
  };
}

function knownUrl(client: acme.Client): string | undefined {
  try {
    return client.getAccountUrl();
  } catch {
    return undefined;
  }
}

/** @throws {AuthorityError} whatever the client throws */
async function asking<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof AuthorityError) throw error;
    throw unexpected(messageOf(error), error);
  }
}

function unexpected(detail: string, cause?: unknown): AuthorityError {
  const problem = { status: undefined, type: undefined, detail, subproblems: [], retryAfterMs: undefined };
  return Object.assign(new AuthorityError(detail, problem), cause === undefined ? {} : { cause });
}

interface TransportConfig {
  readonly method?: string;
  readonly url?: string;
  readonly data?: unknown;
}

/** What axios calls to send a request: errors are thrown whole, and nothing is repeated. */
function transport(http: AuthorityHttp, nonces: Nonces) {
  return async (config: TransportConfig) => {
    const method = (config.method ?? 'GET').toUpperCase();
    // It asks for nothing else by HEAD.
    const kept = method === 'HEAD' ? nonces.take() : undefined;
    if (kept !== undefined)
      return {
        status: 200,
        statusText: '',
        headers: { [NONCE]: kept },
        data: '',
        config,
        request: undefined,
      };
    const { status, headers, body } = await http.send({
      method,
      url: config.url ?? '',
      body: typeof config.data === 'string' ? config.data : undefined,
      contentType: config.data === undefined ? undefined : 'application/jose+json',
    });
    // That of a refused nonce is used by the client at once.
    const nonce = method === 'POST' && status < 300 ? headers[NONCE] : undefined;
    if (nonce !== undefined) nonces.keep(nonce);
    return { status, statusText: '', headers, data: body, config, request: undefined };
  };
}
