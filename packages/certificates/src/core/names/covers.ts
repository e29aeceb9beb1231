/** Whether one of the names of a certificate covers a name: exactly, or as the one level below its asterisk. */
export function covers(certified: readonly string[], name: string): boolean {
  return certified.includes(name) || (!name.startsWith('*.') && certified.includes(wildcardOf(name)));
}

/** The wildcard whose one level below a name is. */
export function wildcardOf(name: string): string {
  return `*${name.slice(name.indexOf('.'))}`;
}

/** The domain that a wildcard is below; any other name itself. */
export function baseOf(name: string): string {
  return name.startsWith('*.') ? name.slice(2) : name;
}

/** Whether an operator's list allows a name: `acme.com` itself, `*.acme.com` all below it, an empty list everything. */
export function isAllowed(name: string, allowed: readonly string[]): boolean {
  if (allowed.length === 0) return true;
  return allowed.some(
    (one) => one === '*' || (one.startsWith('*.') ? name.endsWith(one.slice(1)) : name === one),
  );
}
