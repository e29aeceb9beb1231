import { UpstreamError } from '@docker-flow/daemon/errors';

/**
 * Docker refused a call or could not be reached. The message is for people, in the words of Docker's own client;
 * `dockerStatus` is the HTTP status of a refusal, and absent when there was no answer that can be used.
 */
export class DockerError extends UpstreamError {
  readonly dockerStatus: number | undefined;

  constructor(message: string, { dockerStatus, cause }: { dockerStatus?: number; cause?: unknown } = {}) {
    super(message, { cause });
    this.dockerStatus = dockerStatus;
  }
}
