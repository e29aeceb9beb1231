import type { Label } from '../catalogue/label.js';
import type { LabelType } from '../catalogue/types/label-type.js';

/**
 * The type by which a label is read: its own, or that of its variant where the other label has such a
 * text. `textOf` gives the text of another label, or its default.
 */
export function typeOfLabel<T>(
  { type, variant }: Label<T>,
  textOf: (label: string) => string | undefined,
): LabelType<T> {
  if (!variant) return type;
  return new RegExp(`^(?:${variant.matches})$`, 'u').test(textOf(variant.label) ?? '') ? variant.type : type;
}
