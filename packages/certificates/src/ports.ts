import type { KeyType } from '@docker-flow/labels';
import type { IssuedCertificate } from './core/model/certificate-record.js';
import type { AuthorityProblem } from './core/orders/failure.js';
import type { WindowAnswer } from './core/renewal/renewal-moment.js';

/** Time by which certificates live, in milliseconds since 1970, and pauses. */
export interface WallClock {
  nowMs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** From 0 to 1. */
export type Chance = () => number;

/** What an authority offers. */
export interface DirectoryInfo {
  /** Terms that somebody has to agree to. */
  readonly terms: string | undefined;
  readonly profiles: readonly string[];
  readonly needsBinding: boolean;
  readonly hasRenewalInfo: boolean;
}

export interface Authorization {
  /** As it was ordered, wildcards with their asterisk. */
  readonly name: string;
  readonly url: string;
  readonly status: 'pending' | 'valid' | 'invalid' | 'deactivated' | 'expired' | 'revoked';
  readonly challenges: readonly AuthorizationChallenge[];
}

export interface AuthorizationChallenge {
  readonly type: string;
  readonly url: string;
  readonly status: string;
  readonly token: string;
  readonly problem: AuthorityProblem | undefined;
}

export interface Order {
  readonly url: string;
  readonly status: 'pending' | 'ready' | 'processing' | 'valid' | 'invalid';
  readonly names: readonly string[];
  readonly authorizations: readonly string[];
  readonly finalize: string;
  readonly certificate: string | undefined;
  readonly problem: AuthorityProblem | undefined;
}

export interface NewOrder {
  readonly names: readonly string[];
  /** Identifier of the certificate that it takes the place of. */
  readonly replaces: string | undefined;
  readonly profile: string | undefined;
}

/** What every method of an authority may throw: it refused, or did not answer. */
export class AuthorityError extends Error {
  override readonly name = 'AuthorityError';

  readonly problem: AuthorityProblem;

  constructor(message: string, problem: AuthorityProblem) {
    super(message);
    this.problem = problem;
  }
}

/** One ACME authority (RFC 8555). @throws {AuthorityError} from every method */
export interface Authority {
  directory(): Promise<DirectoryInfo>;
  /** Profiles that it offered when it was last asked; `undefined` before. */
  profiles(): readonly string[] | undefined;
  /** Opens the account of a key, or finds it; answers its address. */
  openAccount(keyPem: string, options: { readonly email: string | undefined }): Promise<string>;
  /** What an account may do. */
  as(account: { readonly keyPem: string; readonly url: string }): AuthorityAccount;
  renewalInfo(renewalId: string): Promise<WindowAnswer>;
}

export interface AuthorityAccount {
  order(order: NewOrder): Promise<Order>;
  orderAt(url: string): Promise<Order>;
  authorization(url: string): Promise<Authorization>;
  /** Text that a record in the DNS must have. */
  dnsAnswer(challenge: AuthorizationChallenge): Promise<string>;
  /** Tells the authority that the answer to a challenge is there. */
  answered(challenge: AuthorizationChallenge): Promise<void>;
  finalize(order: Order, csr: string): Promise<Order>;
  /** The chain as PEM, the certificate first. */
  certificate(order: Order): Promise<string>;
}

/** Keys, requests for signature, and what certificates say of themselves. */
export interface Certificates {
  createKey(type: KeyType): Promise<string>;
  createRequest(names: readonly string[], keyPem: string): Promise<string>;
  /** What a PEM says; the directory it came from is not in it. @throws {Error} when it is none */
  read(pem: string): Omit<IssuedCertificate, 'directory'>;
  /** @throws {Error} when the key does not belong to the certificate */
  join(chainPem: string, keyPem: string): string;
}

export interface ProxyChallenges {
  readonly thumbprint: string | undefined;
  readonly directory: string | undefined;
  readonly owner: string | undefined;
  readonly isLive: boolean;
}

export interface ChallengeClaim {
  readonly thumbprint: string;
  readonly owner: string;
  readonly ttlMs: number;
  readonly directory: string;
  /** Shown by the proxy's status. */
  readonly certificates: readonly RenewalNote[];
}

/** What is said of a certificate beside the claim. */
export interface RenewalNote {
  readonly certName: string;
  /** ISO; `null`: it is not renewed. */
  readonly renewAt: string | null;
  /** About the last attempt. */
  readonly problem: string | null;
}

export type ClaimResult =
  | { readonly kind: 'live' }
  | { readonly kind: 'kept'; readonly owner: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** The replicas of the proxy. @throws {UpstreamError} from every method that is not answered */
export interface Proxies {
  addresses(signal: AbortSignal): Promise<readonly string[]>;
  challenges(address: string): Promise<ProxyChallenges>;
  claim(address: string, claim: ChallengeClaim): Promise<ClaimResult>;
  release(address: string, owner: string): Promise<void>;
  /** Differs when its certificates do; `undefined` when it tells none. */
  fingerprint(address: string): Promise<string | undefined>;
  /** PEM by name; without a key where it is withheld. */
  certificates(address: string): Promise<ReadonlyMap<string, string>>;
  /** Answers why it does not take it, or `undefined`. */
  store(address: string, certName: string, pem: string, distribute: boolean): Promise<string | undefined>;
  remove(address: string, certName: string): Promise<void>;
}

/** Writes records that prove names (RFC 8555, section 8.4). */
export interface DnsWriter {
  /** Adds a value beside those that are there. */
  add(domain: string, value: string, signal: AbortSignal): Promise<void>;
  remove(domain: string, value: string): Promise<void>;
  /** Waits until the zone's servers have the value, or it is no use to wait longer. */
  settled(domain: string, value: string, signal: AbortSignal): Promise<void>;
}

/** What is seen of a name from here. */
export interface NameProbe {
  /** Why it may not work, or `undefined` when it looks right. Never throws. */
  look(name: string, thumbprint: string, signal: AbortSignal): Promise<string | undefined>;
}
