import type { z } from 'zod/v3';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Readings, SourceName } from '../core/readings/readings.js';
import type { Source } from '../ports.js';
import { getText, readJson } from './get-json.js';

export interface StatusSource<N extends SourceName, S extends z.ZodTypeAny> {
  readonly name: N;
  readonly url: string;
  readonly schema: S;
  readonly toReading: (answer: z.output<S>) => Required<Readings>[N];
}

/** A program that says everything in one answer. The same text again is not looked at. */
export function createStatusSource<N extends SourceName, S extends z.ZodTypeAny>(
  http: HttpClient,
  { name, url, schema, toReading }: StatusSource<N, S>,
): Source<N> {
  let last: string | undefined;
  return {
    name,
    async read(signal) {
      const text = await getText(http, url, signal);
      if (text === last) return 'unchanged';
      const reading = toReading(readJson(text, schema, url));
      last = text;
      return reading;
    },
  };
}
