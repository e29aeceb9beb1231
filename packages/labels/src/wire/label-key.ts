/** Prefix of every label the Docker Flow programs read. */
export const LABEL_PREFIX = 'com.df.';

/** `servicePath.2` is `{ name: 'servicePath', index: 2 }`; a key without index has `index: undefined`. */
export interface LabelKey {
  readonly name: string;
  readonly index: number | undefined;
}

const INDEXED = /^(.+)\.([1-9][0-9]{0,8})$/;

/** Splits the index off a parameter name (the label without `com.df.`). Never fails: `a.b` has no index. */
export function parseLabelKey(key: string): LabelKey {
  const match = INDEXED.exec(key);
  return match?.[1] === undefined
    ? { name: key, index: undefined }
    : { name: match[1], index: Number(match[2]) };
}

/** The inverse of {@link parseLabelKey}. */
export function formatLabelKey({ name, index }: LabelKey): string {
  return index === undefined ? name : `${name}.${index}`;
}

/** `com.df.port.1` → `port.1`; `undefined` for labels that are not ours and for the bare prefix. */
export function parameterOfLabel(label: string): string | undefined {
  return label.startsWith(LABEL_PREFIX) && label.length > LABEL_PREFIX.length
    ? label.slice(LABEL_PREFIX.length)
    : undefined;
}
