const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  p: 2 ** 50,
};

/** Cores of `cpus: "0.5"`; undefined for what is no number above 0. */
export function readCores(text: string): number | undefined {
  return above0(/^[0-9]*\.?[0-9]+$/.test(text) ? Number(text) : NaN);
}

/** Bytes of `memory: 48M`, as Docker reads them: every unit is a power of 1,024. Undefined for what is no size above 0. */
export function readSize(text: string): number | undefined {
  const [, number, unit = ''] = /^([0-9]*\.?[0-9]+) ?([kmgtp])?(?:i?b)?$/i.exec(text) ?? [];
  return above0(Math.floor(Number(number) * (BYTES[unit.toLowerCase()] ?? NaN)));
}

function above0(number: number): number | undefined {
  return number > 0 ? number : undefined;
}
