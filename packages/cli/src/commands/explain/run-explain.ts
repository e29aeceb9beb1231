import { CannotRunError, type ExitStatus } from '../../exit-status.js';
import type { Io } from '../../io.js';
import type { ExplainOptions } from './options.js';
import { explainRequest } from './explain-request.js';
import { explainService } from './explain-service.js';

/** @throws {CannotRunError} when the command line asks for neither or for both */
export async function runExplain(
  files: readonly string[],
  options: ExplainOptions,
  io: Io,
): Promise<ExitStatus> {
  const { url, service } = options;
  if (url !== undefined && service !== undefined)
    throw new CannotRunError('explain: --url and --service are two questions; ask one of them');
  if (url !== undefined) return explainRequest(files, { ...options, url }, io);
  if (service !== undefined) return explainService(files, { ...options, service }, io);
  throw new CannotRunError('explain: give --url with a request, or --service with a name');
}
