import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Who signs certificates for a test, by openssl. */
export interface TestAuthority {
  /** Its own certificate, PEM. */
  readonly ca: string;
  /** A certificate of 30 days for a request (PEM), with the names that the request asks for; `serial` as openssl reads it. */
  sign(request: string, serial?: string): string;
  /** A new key and a certificate for the address, both PEM. */
  issueFor(ipAddress: string): { readonly key: string; readonly certificate: string };
  /** Removes its files. */
  remove(): void;
}

/** @throws {Error} when openssl is not installed */
export function createTestAuthority(name: string): TestAuthority {
  const directory = mkdtempSync(path.join(tmpdir(), 'test-authority-'));
  const read = (file: string) => readFileSync(path.join(directory, file), 'utf8');
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
  const files = ['-keyout', 'ca.key', '-out', 'ca.crt'];
  openssl('req', '-x509', ...NEW_KEY, '-days', '30', '-subj', `/CN=${name}`, ...files);

  function sign(request: string, serial?: string): string {
    writeFileSync(path.join(directory, 'request.pem'), request);
    const by = [
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      ...(serial === undefined ? [] : ['-set_serial', serial]),
    ];
    const made = ['-days', '30', '-copy_extensions', 'copy', '-out', 'leaf.crt'];
    openssl('x509', '-req', '-in', 'request.pem', ...by, ...made);
    return read('leaf.crt');
  }

  return {
    ca: read('ca.crt'),
    sign,
    issueFor(ipAddress) {
      const asked = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=IP:${ipAddress}`];
      openssl('req', ...NEW_KEY, ...asked, '-keyout', 'leaf.key', '-out', 'leaf.csr');
      return { certificate: sign(read('leaf.csr')), key: read('leaf.key') };
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
