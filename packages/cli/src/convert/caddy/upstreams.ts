import type { Route, ServiceDraft } from '../conversion.js';
import { readDuration } from '@docker-flow/labels';
import type { Directive } from './read-labels.js';

/** What stands behind `reverse_proxy` without its matcher: `{{upstreams https 8443}}`, or a host and port. */
export function applyUpstream(
  { text, label, inside }: Directive,
  target: string,
  route: Route,
  draft: ServiceDraft,
): void {
  const write = (name: string, value: string) => draft.setOn(route, name, value, label);
  const [, words] = /^\{\{\s*upstreams\s*([^}]*)\}\}$/.exec(target) ?? [];
  if (words !== undefined) {
    const [scheme, port = scheme] = words.trim().split(/\s+/);
    write('port', port === undefined || !/^\d+$/.test(port) ? '80' : port);
    withScheme(scheme ?? '', write);
  } else {
    const [, scheme = '', host, port] = /^(?:(https?|h2c):\/\/)?([\w.-]+)(?::(\d+))?$/.exec(target) ?? [];
    if (host === undefined)
      draft.leave(label, text === '' ? 'it names no upstream' : 'the upstreams cannot be read');
    else {
      write('outboundHostname', host);
      write('port', port ?? (scheme === 'https' ? '443' : '80'));
      withScheme(scheme, write);
    }
  }
  for (const option of inside) applyOption(option, route, draft);
}

function withScheme(scheme: string, write: (name: string, value: string) => void): void {
  if (scheme === 'https') write('sslVerifyNone', 'true');
  if (scheme === 'h2c') write('serverProto', 'h2');
}

/** A line inside of `reverse_proxy`. */
function applyOption(option: Directive, route: Route, draft: ServiceDraft): void {
  const { name, text, label, inside } = option;
  const write = (labelName: string, value: string) => draft.setOn(route, labelName, value, label);
  switch (name) {
    case 'header_up':
    case 'header_down':
      for (const line of [...(text === '' ? [] : [text]), ...inside.map((one) => `${one.name} ${one.text}`)])
        applyHeader(line, name === 'header_up' ? 'Req' : 'Res', write);
      return;
    case 'health_uri':
      write('checkPath', text);
      return;
    case 'health_interval': {
      const read = readDuration(text);
      if (read.ok) write('checkInterval', String(Math.max(1, Math.round(read.value / 1_000))));
      else draft.leave(label, 'the time cannot be read');
      return;
    }
    case 'lb_policy':
      if (text.startsWith('cookie')) write('sessionType', 'sticky-server');
      else draft.leave(label, 'HAProxy deals requests out in turn, or by com.df.discoveryType=DNS to tasks');
      return;
    case 'lb_retries':
      write('retries', text);
      return;
    case 'transport':
      for (const one of inside) applyTransport(one, write, draft);
      return;
    case 'to':
      return;
    default:
      draft.leave(label, 'no label does this');
  }
}

function applyTransport(
  { name, text, label }: Directive,
  write: (name: string, value: string) => void,
  draft: ServiceDraft,
): void {
  switch (name) {
    case 'tls':
      return;
    case 'tls_insecure_skip_verify':
      write('sslVerifyNone', 'true');
      return;
    case 'tls_server_name':
      write('serverName', text);
      return;
    case 'versions':
      if (/h2c|^2$/.test(text)) write('serverProto', 'h2');
      return;
    default:
      draft.leave(label, 'no label does this');
  }
}

/** `X-Name value`, `+X-Name value`, `-X-Name`. */
export function applyHeader(
  line: string,
  direction: 'Req' | 'Res',
  write: (name: string, value: string) => void,
): void {
  const [, sign, header = '', value = ''] = /^([-+?>]?)(\S+)\s*(.*)$/.exec(line.trim()) ?? [];
  if (sign === '-') write(`del${direction}Header`, header);
  else write(`${sign === '+' ? 'add' : 'set'}${direction}Header`, `${header} ${withoutPlaceholders(value)}`);
}

/** Caddy's names for what HAProxy knows by others. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  '{host}': '%[req.hdr(host)]',
  '{remote_host}': '%[src]',
  '{http.request.remote.host}': '%[src]',
  '{scheme}': '%[ssl_fc,iif(https,http)]',
};

function withoutPlaceholders(value: string): string {
  const known = value.replaceAll(/\{[\w.]+\}/g, (whole) => PLACEHOLDERS[whole] ?? whole);
  return /[\s,]/.test(known) && !/^["']/.test(known) && !known.includes('%[') ? JSON.stringify(known) : known;
}
