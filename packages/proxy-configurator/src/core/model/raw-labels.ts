import type { ProxyService } from '@docker-flow/labels';

/** Expressions, variables of the environment and conditions; a header's plain value needs none of them. */
const RAW_HEADER = /[%{}\\$]|\s(?:if|unless)\s/;

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
  return Object.entries(headers).find(([, items]) => items.some((item) => RAW_HEADER.test(item)))?.[0];
}
