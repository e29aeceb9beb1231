/** Second-level labels under which countries register domains: `acme.co.uk`, `acme.com.au`. */
const REGISTRIES = new Set(
  'ac ad co com edu gen go gob gob gov gouv govt gr id ind info lg ltd me mil ne net net nhs nic nom or org plc pub sch web'.split(
    ' ',
  ),
);

/**
 * The domain that somebody has registered: the last two labels, or three under `co.uk` and its like. A guess, without
 * the Public Suffix List: where it is wrong, a limit counts too much or too little.
 */
export function registeredDomain(name: string): string {
  const labels = name.split('.');
  const [second = '', top = ''] = labels.slice(-2);
  const isCountry = top.length === 2 && REGISTRIES.has(second);
  return labels.slice(isCountry ? -3 : -2).join('.');
}
