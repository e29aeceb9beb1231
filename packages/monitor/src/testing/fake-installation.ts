import { silentLogger } from '@docker-flow/daemon/log/logger';
import { readConfig } from '../config/config.js';
import { createInstaller } from '../install/installer.js';
import type { ConfigurationCheck } from '../ports.js';
import { createFakeCheck, createFakeFiles, createFakePrometheus } from './ports.fake.js';

export interface FakeInstallationOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Texts by file name, read at each installation. */
  readonly scrapeFiles?: Readonly<Record<string, string>>;
}

/** The installer among fakes of its neighbours; `check` may be a real one. */
export function fakeInstallation<C extends ConfigurationCheck>(
  check: C,
  { environment = {}, scrapeFiles = {} }: FakeInstallationOptions = {},
) {
  const files = createFakeFiles();
  const prometheus = createFakePrometheus(files);
  const installer = createInstaller({
    build: {
      variables: readConfig(environment).variables,
      alertmanagerUrls: '',
      expandsExternalLabels: false,
    },
    scrapeFiles: {
      read: () => Promise.resolve(Object.entries(scrapeFiles).map(([name, text]) => ({ name, text }))),
    },
    check,
    files,
    prometheus,
    logger: silentLogger(),
  });
  return { check, files, prometheus, installer };
}

/** The same with a check that rejects every file with the word `REJECTED` in it. */
export function fakeWorld(options: FakeInstallationOptions = {}) {
  return fakeInstallation(createFakeCheck(), options);
}
