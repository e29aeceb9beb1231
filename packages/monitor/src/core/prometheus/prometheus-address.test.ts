import { expect, test } from '@jest/globals';
import { flagsFromEnvironment } from './flags.js';
import { prometheusUrl } from './prometheus-address.js';

test.each<[Record<string, string>, string]>([
  [{}, 'http://127.0.0.1:9090'],
  [{ 'ARG_WEB_LISTEN-ADDRESS': '0.0.0.0:9191' }, 'http://127.0.0.1:9191'],
  [{ 'ARG_WEB_LISTEN-ADDRESS': ':9191' }, 'http://127.0.0.1:9191'],
  [{ 'ARG_WEB_LISTEN-ADDRESS': '10.0.0.7:80' }, 'http://10.0.0.7:80'],
  [{ 'ARG_WEB_ROUTE-PREFIX': '/monitor/' }, 'http://127.0.0.1:9090/monitor'],
  [{ 'ARG_WEB_ROUTE-PREFIX': '/', 'ARG_WEB_EXTERNAL-URL': 'http://h/monitor' }, 'http://127.0.0.1:9090'],
  [{ 'ARG_WEB_EXTERNAL-URL': 'http://h/monitor?x' }, 'http://127.0.0.1:9090/monitor'],
  [{ 'ARG_WEB_EXTERNAL-URL': 'http://h' }, 'http://127.0.0.1:9090'],
])('%j → %s', (environment, url) => expect(prometheusUrl(flagsFromEnvironment(environment).flags)).toBe(url));
