import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** Debian's Chromium, without anything that talks to the world. */
export function launchBrowser(environment: Readonly<Record<string, string | undefined>>): Promise<Browser> {
  return chromium.launch({
    executablePath: environment['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

const PATIENCE_MS = 2 * 60_000;

export interface OpenedPage {
  readonly page: Page;
  /** Errors of scripts, of the policy, and dialogs: what must not be. */
  readonly troubles: readonly string[];
}

/** A page in a context of its own. */
export async function openPage(browser: Browser, options: BrowserContextOptions): Promise<OpenedPage> {
  const context = await browser.newContext(options);
  // A wait that is too short is a test that fails for no reason on a busy machine.
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, troubles };
}
