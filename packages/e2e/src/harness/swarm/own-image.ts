/**
 * The image of one of our programs as scripts/e2e has loaded it into the cluster: DF_IMAGES and TAG are set there.
 *
 * @throws {Error} when they are not, because the test was not started by scripts/e2e
 */
export function ownImage(program: string): string {
  const { DF_IMAGES: prefix, TAG: tag } = process.env;
  if (prefix === undefined || tag === undefined)
    throw new Error('DF_IMAGES and TAG: start this by scripts/e2e');
  return `${prefix}/docker-flow-${program}:${tag}`;
}
