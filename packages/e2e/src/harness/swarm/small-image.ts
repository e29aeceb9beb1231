import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs until it is told to end, and ends at once then. */
const COMMAND = ['sh', '-c', 'trap "exit 0" TERM INT; while :; do sleep 3600 & wait $!; done'];

/**
 * An image of two megabytes for tests that need tasks but no program of ours, made from this machine's busybox
 * (a static one: Debian's busybox-static) on each of these engines.
 *
 * @throws {Error} when there is no busybox
 */
export async function makeSmallImage(name: string, dockerHosts: readonly string[]): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'small-image-'));
  try {
    await mkdir(path.join(directory, 'root/bin'), { recursive: true });
    await copyFile('/bin/busybox', path.join(directory, 'root/bin/busybox'));
    for (const applet of ['sh', 'sleep']) await symlink('busybox', path.join(directory, 'root/bin', applet));
    const archive = path.join(directory, 'image.tar');
    await run('tar', ['-C', path.join(directory, 'root'), '-cf', archive, '.']);
    const changes = ['--change', 'ENV PATH=/bin', '--change', `CMD ${JSON.stringify(COMMAND)}`];
    await Promise.all(
      dockerHosts.map((host) => run('docker', ['--host', host, 'import', ...changes, archive, name])),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
