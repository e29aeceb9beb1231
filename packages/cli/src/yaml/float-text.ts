/** From here on Go writes an exponent. */
const LARGEST_EXPONENT = 6;
const SMALLEST_EXPONENT = -4;

/** A number as Go's `fmt.Sprint` writes it, which is how a number in a stack becomes the text of a label. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-Inf' : '+Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= SMALLEST_EXPONENT && power < LARGEST_EXPONENT) return String(value);
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
