import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Express, Request, Response } from 'express';
import { literalPath } from './routes.js';

/** Files of the page, by their name in the address. */
export type PageFiles = ReadonlyMap<string, { readonly type: string; readonly content: Buffer }>;

const TYPES: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'chart.js': 'text/javascript; charset=utf-8',
  'target.js': 'text/javascript; charset=utf-8',
};

/** @throws {Error} when a file is missing: then the program was not installed whole */
export function loadPageFiles(directory: string): PageFiles {
  return new Map(
    Object.entries(TYPES).map(([name, type]) => [
      name,
      { type, content: readFileSync(path.join(directory, name)) },
    ]),
  );
}

/** The page may load its own files and nothing else, from nowhere else. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** `GET <base>/` shows the page; its files lie beside it, so that any prefix of any proxy works. */
export function addPage(app: Express, base: string, files: PageFiles): void {
  const place = literalPath(base);

  function send(response: Response, name: string): void {
    const file = files.get(name);
    if (file === undefined) {
      response.status(404).end();
      return;
    }
    response.setHeader('Content-Type', file.type);
    response.setHeader('Cache-Control', 'no-cache');
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.end(file.content);
  }

  app.get(`${place}/`, (request, response, next) => {
    if (base === '' && !isForPeople(request)) next();
    else send(response, 'index.html');
  });
  for (const name of files.keys()) {
    if (name !== 'index.html') app.get(`${place}/${name}`, (_request, response) => send(response, name));
  }
  if (base !== '') app.get(place, (_request, response) => response.redirect(302, `${base}/`));
}

/** The original has nothing at `/`; programs that say nothing of what they accept still get its 404. */
function isForPeople(request: Request): boolean {
  return request.headers.accept !== undefined && request.accepts('html') !== false;
}
