import type { ProxyService } from '@docker-flow/labels';

/** Expressions and variables of the environment; a header's plain value needs none of them. */
const EXPRESSION = /[%{}\\$]/;

/** Whether HAProxy would take one of the words for a condition: it looks after the quotes are gone. */
function isRawHeader(item: string): boolean {
  const words = item.replace(/["']/g, '').split(/\s+/);
  return EXPRESSION.test(item) || words.some((word, at) => at > 0 && /^(?:if|unless)$/.test(word));
}

/** The labels of a service that hold raw configuration. */
export function rawLabels(service: ProxyService): readonly string[] {
  const { requestHeaders, responseHeaders } = service;
  const texts = {
    backendExtra: service.backendExtra,
    templateFePath: service.templateFePath,
    templateBePath: service.templateBePath,
  };
  const headers = {
    addReqHeader: requestHeaders.add,
    setReqHeader: requestHeaders.set,
    delReqHeader: requestHeaders.del,
    addResHeader: responseHeaders.add,
    setResHeader: responseHeaders.set,
    delResHeader: responseHeaders.del,
  };
  return [
    ...Object.entries(texts).filter(([, text]) => text !== undefined),
    ...Object.entries(headers).filter(([, items]) => items.some(isRawHeader)),
  ].map(([label]) => label);
}
