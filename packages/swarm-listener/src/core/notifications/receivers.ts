import { LISTENER_LABELS, labelValue } from '@docker-flow/labels';
import { issueOf, type ConfigurationIssue } from './configuration-issue.js';

export type NotificationEvent = 'create' | 'remove';

/** One URL that wants to be told of one kind of event. */
export interface Receiver {
  readonly event: NotificationEvent;
  /** Without user information: may be logged. Its own query is still in it. */
  readonly url: string;
  readonly method: string;
  /** `Basic …` when the URL names a user, else `Bearer …` for programs of ours whose token is known. */
  readonly authorization: string | undefined;
  /** Host and port as configured, in small letters: what happens at one host happens in order. */
  readonly host: string;
  /** What `com.df.notifyService` may call it, host names in small letters: host name, host:port, whole URL. */
  readonly names: ReadonlySet<string>;
}

export interface Receivers {
  readonly create: readonly Receiver[];
  readonly remove: readonly Receiver[];
}

export interface ReceiverList {
  /** For messages. */
  readonly variable: string;
  readonly event: NotificationEvent;
  readonly urls: readonly string[];
  /** The n-th URL uses the n-th method; the last one repeats. */
  readonly methods: readonly string[];
  readonly tokens?: ReceiverTokens;
}

/** Tokens of the APIs of our programs. Nobody else is shown them. */
export interface ReceiverTokens {
  readonly proxy?: string | undefined;
  readonly monitor?: string | undefined;
}

/** Reads a list of URLs. An entry that is no URL with a host is named and left out; the others work. */
export function readReceivers({ variable, event, urls, methods, tokens = {} }: ReceiverList): {
  readonly receivers: readonly Receiver[];
  readonly issues: readonly ConfigurationIssue[];
} {
  const receivers: Receiver[] = [];
  const issues: ConfigurationIssue[] = [];
  for (const [position, text] of urls.entries()) {
    if (text === '') continue;
    const method = (methods[position] ?? methods.at(-1) ?? 'GET').toUpperCase();
    const receiver = readReceiver(text, { event, method, tokens });
    if (receiver) receivers.push(receiver);
    else
      issues.push(
        issueOf(variable, withoutUser(text), 'is not the address of a receiver', 'http://host:port/path'),
      );
  }
  return { receivers, issues };
}

function readReceiver(
  text: string,
  { event, method, tokens }: Pick<Receiver, 'event' | 'method'> & { readonly tokens: ReceiverTokens },
): Receiver | undefined {
  // A password may hold an @: the last one before the path ends it.
  const [, host] = /^https?:\/\/(?:[^/?#]*@)?([^/?#@]+)/i.exec(text) ?? [];
  if (host === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  return {
    event,
    url: url.toString(),
    method,
    authorization:
      username === '' && password === '' ? bearer(url.pathname, tokens) : basic(username, password),
    host: host.toLowerCase(),
    names: new Set([url.hostname, url.host, host, text, url.href].map(comparable)),
  };
}

/** What cannot be read as an address may still hold a password. */
function withoutUser(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/).*@/i, '$1***@');
}

/** Letter case counts in the path of an address and in what stands before its host, not in the host. */
function comparable(name: string): string {
  const [, scheme, user, host, rest] = /^(https?:\/\/)([^/?#]*@)?([^/?#@]*)(.*)$/i.exec(name) ?? [];
  if (scheme === undefined || host === undefined) return name.toLowerCase();
  return `${scheme.toLowerCase()}${user ?? ''}${host.toLowerCase()}${rest ?? ''}`;
}

function bearer(path: string, { proxy, monitor }: ReceiverTokens): string | undefined {
  const token = path.startsWith('/v1/docker-flow-proxy/')
    ? proxy
    : path.startsWith('/v1/docker-flow-monitor/')
      ? monitor
      : undefined;
  return token === undefined ? undefined : `Bearer ${token}`;
}

function basic(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${decoded(username)}:${decoded(password)}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The create receivers that shall hear of a service: all, or those its `com.df.notifyService` names (comma
 * separated; host name, host:port or whole URL).
 */
export function selectReceivers(
  receivers: readonly Receiver[],
  notifyService: string | undefined,
): readonly Receiver[] {
  const wanted = (labelValue(LISTENER_LABELS.notifyService, notifyService) ?? []).map(comparable);
  if (wanted.length === 0) return receivers;
  return receivers.filter((receiver) => wanted.some((entry) => receiver.names.has(entry)));
}
