import type { Logger } from '@docker-flow/daemon/log/logger';
import type { ScrapeFileSource } from '../ports.js';
import { readFilesIn } from './files-in-directory.js';

/** The `scrape_*` files of a directory, read anew each time. Without a directory there are none. */
export function createScrapeFiles(directory: string | undefined, logger: Logger): ScrapeFileSource {
  return {
    async read() {
      if (directory === undefined) return [];
      return readFilesIn(
        directory,
        (name) => name.startsWith('scrape_'),
        (file, err) => logger.warn('Scrape file cannot be read', { file, err }),
      );
    },
  };
}
