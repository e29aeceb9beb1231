/**
 * Reads a file of variables: `KEY=value`, `export KEY=value` or `KEY: value`, one per line; empty lines
 * and comments are skipped. Values may stand in single or double quotes, with backslash escapes.
 *
 * @throws {SyntaxError} naming the line that is none of these
 */
export function parseEnvFile(text: string): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const match = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*[=:]\s*(.*)$/.exec(trimmed);
    if (match?.[1] === undefined) {
      throw new SyntaxError(`line ${index + 1} is no variable; expected KEY=value`);
    }
    variables[match[1]] = readValue(match[2] ?? '');
  }
  return variables;
}

function readValue(text: string): string {
  const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*(?:#.*)?$/.exec(text);
  if (quoted) return unescape(quoted[1] ?? quoted[2] ?? '');
  return text.replace(/#.*$/, '').trim();
}

/** `\n` and `\r` are line ends; before anything else the backslash just goes. */
function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_whole, char: string) => (char === 'n' ? '\n' : char === 'r' ? '\r' : char));
}
