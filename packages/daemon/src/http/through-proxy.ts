import type { IncomingHttpHeaders } from 'node:http';

const TELLS_OF_A_PROXY = /^(?:forwarded|via|x-forwarded(?:-.*)?|x-real-ip|x-original-.*|x-client-ip)$/;

/**
 * Whether a request was passed on by a proxy: then the address it comes from says nothing of who has sent it. Programs
 * of ours that speak to each other do so directly.
 */
export function cameThroughProxy(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => TELLS_OF_A_PROXY.test(name));
}
