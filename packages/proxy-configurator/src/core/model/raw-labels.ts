import type { ProxyService } from '@docker-flow/labels';

/** Expressions and variables of the environment; a header's plain value needs none of them. */
const EXPRESSION = /[%{}\\$]/;

/** Whether HAProxy would take one of the words for a condition: it looks after the quotes are gone. */
function isRawHeader(item: string): boolean {
  const words = item.replace(/["']/g, '').split(/\s+/);
  return EXPRESSION.test(item) || words.some((word, at) => at > 0 && /^(?:if|unless)$/.test(word));
}

/** The first label of a service that holds raw configuration; `undefined` when none does. */
export function firstRawLabel(service: ProxyService): string | undefined {
  const { requestHeaders, responseHeaders } = service;
  if (service.backendExtra !== undefined) return 'backendExtra';
  if (service.templateFePath !== undefined) return 'templateFePath';
  if (service.templateBePath !== undefined) return 'templateBePath';
  const headers = {
    addReqHeader: requestHeaders.add,
    setReqHeader: requestHeaders.set,
    delReqHeader: requestHeaders.del,
    addResHeader: responseHeaders.add,
    setResHeader: responseHeaders.set,
    delResHeader: responseHeaders.del,
  };
  return Object.entries(headers).find(([, items]) => items.some(isRawHeader))?.[0];
}
