/** What the command line says, as commander gives it. */
export interface LabelsOptions {
  readonly reader?: string;
  readonly format: 'text' | 'json' | 'markdown';
}
