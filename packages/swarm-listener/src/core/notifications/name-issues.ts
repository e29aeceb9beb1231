import type { Issue } from '@docker-flow/labels';
import type { Announcement } from './announcement.js';

/** The name that is left without the stack is the whole name of another service, which keeps it. */
export function rejectedName(announcement: Announcement): readonly Issue[] {
  return issueOf(
    announcement,
    (name) => `would make it ${name}, which is another service: nobody is told of it`,
  );
}

/** Two services have the same name without their stacks. Both are announced, and receivers take them for one. */
export function sharedName(announcement: Announcement): readonly Issue[] {
  return issueOf(
    announcement,
    (name) => `makes it ${name}, and another service as well: receivers take them for one`,
  );
}

function issueOf({ name, shortenedFrom }: Announcement, problem: (name: string) => string): readonly Issue[] {
  if (shortenedFrom === undefined) return [];
  return [
    {
      service: shortenedFrom,
      label: 'com.df.shortName',
      value: 'true',
      problem: problem(name),
      expected: 'false, or a name that no other service has without its stack',
    },
  ];
}
