import { readFile, stat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { InvalidRequestError, messageOf } from '@docker-flow/daemon/errors';
import { readTemplate, struct, toTemplateValue, type TemplateValue } from '@docker-flow/go-template';
import type { MainTemplate } from '../core/text/render.js';

/** Of a template. */
const MAX_SOURCE_BYTES = 1_000_000;
/** A main template grows with the number of services. */
const MAX_MAIN_OUTPUT = 50_000_000;

/**
 * Renders the template in a file; a relative path lies below `directory`.
 *
 * @throws {InvalidRequestError} naming the file when it is missing or cannot be executed
 */
export async function renderTemplateFile(file: string, directory: string, data: unknown): Promise<string> {
  const source = await readTemplateFile(await templateBelow(directory, file));
  try {
    return readTemplate(source).execute(toTemplateValue(data));
  } catch (error) {
    throw new InvalidRequestError(`template ${file}: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * The operator's main template.
 *
 * @throws {InvalidRequestError} naming the file when it is missing or cannot be read
 */
export async function readMainTemplate(file: string): Promise<MainTemplate> {
  const source = await readTemplateFile(file);
  try {
    const template = readTemplate(source, { maxOutput: MAX_MAIN_OUTPUT });
    return (data) => template.execute(fieldsOf(data));
  } catch (error) {
    throw new InvalidRequestError(`template ${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** The template an operator has named, or the one at the default place if somebody has put it there; read anew. */
export async function findMainTemplate(
  named: string | undefined,
  defaultFile: string,
): Promise<MainTemplate | undefined> {
  if (named !== undefined) return readMainTemplate(named);
  const isThere = await stat(defaultFile).then(
    (found) => found.isFile(),
    () => false,
  );
  return isThere ? readMainTemplate(defaultFile) : undefined;
}

/** A label may name nothing but a template: links are followed before it is looked where they lead. */
async function templateBelow(directory: string, file: string): Promise<string> {
  const named = path.resolve(directory, file);
  const [root, found] = await Promise.all([directory, named].map((one) => realpath(one).catch(() => one)));
  if (root === undefined || found?.startsWith(root + path.sep) !== true) {
    throw new InvalidRequestError(`template ${file} is not below the folder of templates`);
  }
  return found;
}

function fieldsOf(data: Readonly<Record<string, unknown>>): TemplateValue {
  return struct(
    Object.fromEntries(Object.entries(data).map(([name, value]) => [name, toTemplateValue(value)])),
  );
}

async function readTemplateFile(file: string): Promise<string> {
  try {
    const found = await stat(file);
    // Reading a pipe or a device would never end.
    if (!found.isFile()) throw new Error('it is no file');
    if (found.size > MAX_SOURCE_BYTES) throw new Error(`it is larger than ${MAX_SOURCE_BYTES} bytes`);
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new InvalidRequestError(`template ${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
