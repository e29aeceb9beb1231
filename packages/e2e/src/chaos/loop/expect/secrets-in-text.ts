export interface Secret {
  /** How it is called in a report, which must not repeat it. */
  readonly name: string;
  readonly value: string;
}

/** Names of the secrets that are in the text. An empty value is none. */
export function secretsIn(text: string, secrets: readonly Secret[]): readonly string[] {
  return secrets.flatMap(({ name, value }) => (value !== '' && text.includes(value) ? [name] : []));
}
