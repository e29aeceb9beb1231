import type { Label } from '../../catalogue/label.js';
import { PROXY_LABELS as LABELS } from '../../catalogue/proxy.js';
import type { ParameterReader } from './parameter-reader.js';
import type { ProxyService } from './proxy-service.js';

/** Refuses what would leave a service open, or dead, without a word: it is never dropped. */
export function refuseWhatWouldBeOpen(reader: ParameterReader, service: ProxyService): void {
  const { canary, destinations, templateBePath, name } = service;
  for (const { auth, mode, index } of destinations) {
    if (!auth || mode === 'http') continue;
    reader.refuse(LABELS.authUrl, index, {
      problem: 'cannot be kept in tcp and sni mode',
      expected: 'an http destination',
    });
  }
  if (templateBePath !== undefined) refuseBesideTemplate(reader, service);
  if (canary?.of === name)
    reader.refuse(LABELS.canaryOf, undefined, {
      problem: 'names the service itself',
      expected: 'the name of the stable service',
    });
  if (canary && destinations.some(({ mode }) => mode !== 'http'))
    reader.refuse(LABELS.canaryOf, undefined, {
      problem: 'is for http only',
      expected: 'a service without reqMode tcp or sni',
    });
}

function refuseBesideTemplate(reader: ParameterReader, { canary, waking, destinations }: ProxyService): void {
  const refuse = (label: Label, index?: number) =>
    reader.refuse(label, index, {
      problem: 'cannot be kept beside templateBePath, whose text knows nothing of it',
      expected: 'one of the two labels',
    });
  for (const { auth, index } of destinations) if (auth) refuse(LABELS.authUrl, index);
  if (canary) refuse(LABELS.canaryOf);
  if (waking) refuse(LABELS.wakeOnRequest);
}
