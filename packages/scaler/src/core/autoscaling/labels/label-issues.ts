import type { Issue } from '@docker-flow/labels';

/** Makes issues about labels of one service, by their names without prefix. */
export class LabelIssues {
  private readonly service: string;
  private readonly labels: Readonly<Record<string, string>>;

  constructor(service: string, labels: Readonly<Record<string, string>>) {
    this.service = service;
    this.labels = labels;
  }

  /** Another label of the same number, written as the ones that are there: without the number of the first. */
  beside(name: string, number: number): string {
    const isNumbered = Object.keys(this.labels).some((label) => label.endsWith('.1'));
    return `com.df.${name}${number === 1 && !isNumbered ? '' : `.${number}`}`;
  }

  /** With this number, or as the first one without. */
  has(label: string): boolean {
    const unnumbered = label.replace(/\.1$/, '');
    return [label, unnumbered].some((name) => Object.hasOwn(this.labels, `com.df.${name}`));
  }

  issue(label: string, problem: string, expected: string): Issue {
    const unnumbered = label.replace(/\.1$/, '');
    const isThere = (name: string) => Object.hasOwn(this.labels, `com.df.${name}`);
    const key = isThere(label) || !isThere(unnumbered) ? label : unnumbered;
    return {
      service: this.service,
      label: key,
      value: this.labels[`com.df.${key}`] ?? '',
      problem,
      expected,
    };
  }
}
