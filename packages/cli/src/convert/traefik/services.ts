import { readDuration } from '@docker-flow/labels';
import type { Route, ServiceDraft } from '../conversion.js';
import type { Part } from './read-labels.js';

/** Puts on a route how its service is spoken to. */
export function applyService({ options }: Part, route: Route, draft: ServiceDraft): void {
  for (const [option, { name, text }] of options) {
    const write = (label: string, value: string) => draft.setOn(route, label, value, name);
    switch (option.replace(/^loadbalancer\./, '')) {
      case 'server.port':
        write('port', text);
        break;
      case 'server.scheme':
        if (text === 'https') write('sslVerifyNone', 'true');
        else if (text === 'h2c') write('serverProto', 'h2');
        break;
      case 'sticky':
      case 'sticky.cookie':
        if (text !== 'false') write('sessionType', 'sticky-server');
        break;
      case 'sticky.cookie.secure':
        write('cookieSecure', text);
        break;
      case 'sticky.cookie.samesite':
        write('cookieSameSite', text.charAt(0).toUpperCase() + text.slice(1).toLowerCase());
        break;
      case 'sticky.cookie.name':
        write('sessionType', 'sticky-server');
        draft.leave(name, 'the cookie bears the name of the service');
        break;
      case 'sticky.cookie.httponly':
        break;
      case 'healthcheck.path':
        write('checkPath', text);
        break;
      case 'healthcheck.interval': {
        const read = readDuration(/^\d+$/.test(text) ? `${text}s` : text);
        if (read.ok) write('checkInterval', String(Math.max(1, Math.round(read.value / 1_000))));
        else draft.leave(name, 'the time cannot be read');
        break;
      }
      case 'passhostheader':
        if (text === 'false')
          draft.leave(name, 'com.df.setReqHeader=Host NAME sets the Host that the service gets');
        break;
      case 'proxyprotocol.version':
        write('sendProxy', text === '1' ? 'v1' : 'v2');
        break;
      default:
        draft.leave(name, 'no label does this');
    }
  }
}
