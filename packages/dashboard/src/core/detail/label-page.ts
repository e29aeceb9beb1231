import { CATALOGUE, parseLabelKey, type Reader } from '@docker-flow/labels';

/** What the catalogue says of a label, for each program that reads it. */
export interface LabelPage {
  readonly entries: readonly {
    readonly reader: Reader;
    readonly name: string;
    /** Markdown. */
    readonly description: string;
    /** What a value looks like; Markdown. */
    readonly words: string;
    readonly default?: string;
    readonly example?: string;
    readonly indexed: boolean;
  }[];
}

/** @param key the label without `com.df.`, with or without its number */
export function labelPage(key: string): LabelPage | undefined {
  const { name } = parseLabelKey(key);
  const entries = (Object.keys(CATALOGUE) as Reader[]).flatMap((reader) =>
    CATALOGUE[reader]
      .filter((label) => label.name === name)
      .map((label) => ({
        reader,
        name,
        description: label.description,
        words: label.type.words,
        ...(label.default === undefined ? {} : { default: label.default }),
        ...(label.example === undefined ? {} : { example: label.example }),
        indexed: label.indexed,
      })),
  );
  return entries.length === 0 ? undefined : { entries };
}
