import type { Issue } from '@docker-flow/labels';

/** What a problem is about and what would be right, as far as its text says. */
export interface ProblemText {
  readonly label?: string;
  readonly value?: string;
  readonly text: string;
  readonly expected?: string;
}

/** The form of `formatIssue`: programs say issues as one line. */
const ISSUE = /^service \S+: label ([^=]+)=("(?:[^"\\]|\\.)*") (.*?)(?:; expected (.*))?$/s;
const LABEL =
  /(?:com\.df\.)?\b(alertIf|alertFor|alertName|alertLabels|alertAnnotations|scrapePort)(\.[0-9]+)?\b/;

/** Takes one line of a program apart again. */
export function readProblemText(line: string): ProblemText {
  const match = ISSUE.exec(line);
  if (match === null) {
    const named = LABEL.exec(line);
    const label = named?.[1] === undefined ? undefined : `${named[1]}${named[2] ?? ''}`;
    return { text: line, ...(label === undefined ? {} : { label }) };
  }
  const [, label = '', value = '""', text = '', expected] = match;
  return {
    label: withoutPrefix(label),
    value: unquote(value),
    text,
    ...(expected === undefined ? {} : { expected }),
  };
}

export function issueText({ label, value, problem, expected }: Issue): ProblemText {
  return { label: withoutPrefix(label), value, text: problem, expected };
}

function withoutPrefix(label: string): string {
  return label.startsWith('com.df.') ? label.slice('com.df.'.length) : label;
}

function unquote(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
