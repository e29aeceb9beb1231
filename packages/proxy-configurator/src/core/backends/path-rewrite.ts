import type { PathRewrite } from '@docker-flow/labels';
import { line, type Line } from '../model/directives.js';

/** Gives a path back its leading slash: an empty one would be refused by the server. */
const LEADING_SLASH = 'regsub("^([^/]|$)","/\\\\1")';

/**
 * One rule that rewrites the path, each rewrite feeding the next. The rule is a log format that holds one
 * expression; inside it every argument stands in double quotes, with `"`, `\` and `$` escaped.
 */
export function rewritePath(rewrites: readonly PathRewrite[]): readonly Line[] {
  if (rewrites.length === 0) return [];
  const steps = rewrites.map(({ search, replace, flags }) => {
    const options = flags === '' ? '' : `,${flags}`;
    return `regsub(${argument(search)},${argument(replace)}${options})`;
  });
  return [line('http-request', 'set-path', `%[${['path', ...steps, LEADING_SLASH].join(',')}]`)];
}

function argument(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
