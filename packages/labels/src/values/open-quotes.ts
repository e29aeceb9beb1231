/**
 * A text for HAProxy's configuration in which a quote without its partner is an ordinary character: `it's` becomes
 * `it\'s`. HAProxy would refuse the whole line. A text whose quotes HAProxy can pair stays as it is written.
 */
export function escapeOpenQuotes(text: string): string {
  const open = openQuote(text);
  if (open === undefined) return text;
  // What follows was inside of the open quote, so it holds none of its kind: this ends after the other kind.
  return `${text.slice(0, open)}\\${text.charAt(open)}${escapeOpenQuotes(text.slice(open + 1))}`;
}

/** Where a quote begins that does not end, as HAProxy reads the text. */
function openQuote(text: string): number | undefined {
  let open: number | undefined;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    // A backslash counts everywhere but between single quotes.
    if (char === '\\' && (open === undefined || text[open] === '"')) i += 1;
    else if (open !== undefined && char === text[open]) open = undefined;
    else if (open === undefined && (char === '"' || char === "'")) open = i;
  }
  return open;
}
