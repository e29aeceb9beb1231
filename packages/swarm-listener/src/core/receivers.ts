import { issueOf, type ConfigurationIssue } from './configuration-issue.js';

export type NotificationEvent = 'create' | 'remove';

/** One URL that wants to be told of one kind of event. */
export interface Receiver {
  readonly event: NotificationEvent;
  /** Without user information: may be logged. Its own query is still in it. */
  readonly url: string;
  readonly method: string;
  /** `Basic …` when the URL names a user. */
  readonly authorization: string | undefined;
  /** Host and port as configured, in small letters: what happens at one host happens in order. */
  readonly host: string;
  /** What `com.df.notifyService` may call it, in small letters: host name, host:port, whole URL. */
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
}

/** Reads a list of URLs. An entry that is no URL with a host is named and left out; the others work. */
export function readReceivers({ variable, event, urls, methods }: ReceiverList): {
  readonly receivers: readonly Receiver[];
  readonly issues: readonly ConfigurationIssue[];
} {
  const receivers: Receiver[] = [];
  const issues: ConfigurationIssue[] = [];
  for (const [position, text] of urls.entries()) {
    if (text === '') continue;
    const method = (methods[position] ?? methods.at(-1) ?? 'GET').toUpperCase();
    const receiver = readReceiver(text, event, method);
    if (receiver) receivers.push(receiver);
    else issues.push(issueOf(variable, text, 'is no address of a receiver', 'http://host:port/path'));
  }
  return { receivers, issues };
}

function readReceiver(text: string, event: NotificationEvent, method: string): Receiver | undefined {
  const parts = /^(https?):\/\/(?:[^/?#@]*@)?([^/?#@]+)/i.exec(text);
  if (!parts || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const host = (parts[2] ?? url.host).toLowerCase();
  const { username, password } = url;
  url.username = '';
  url.password = '';
  return {
    event,
    url: url.toString(),
    method,
    authorization: username === '' && password === '' ? undefined : basic(username, password),
    host,
    names: new Set([url.hostname.toLowerCase(), host, url.host.toLowerCase(), text.toLowerCase()]),
  };
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
  const wanted = (notifyService ?? '')
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '');
  if (wanted.length === 0) return receivers;
  return receivers.filter((receiver) => wanted.some((entry) => receiver.names.has(entry)));
}
