/** What the person at the terminal sees while the story goes on. */
export interface Progress {
  /** A new part of the story. */
  chapter(title: string): void;
  /** Something that has happened. */
  note(text: string): void;
  /** Something that is waited for; shown again only when it changes. */
  waiting(text: string): void;
}

/** One line each, with the seconds since the start. */
export function createProgress(write: (line: string) => void): Progress {
  const start = performance.now();
  const stamp = () => `[${String(Math.round((performance.now() - start) / 1000)).padStart(4)} s]`;
  let last = '';
  return {
    chapter(title) {
      write(`\n${stamp()} ${title}`);
    },
    note(text) {
      write(`${stamp()}   ${text}`);
    },
    waiting(text) {
      if (text !== last) write(`${stamp()}   … ${text}`);
      last = text;
    },
  };
}
