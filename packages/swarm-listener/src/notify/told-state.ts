// Not the main entry of zod, which loads its messages in all languages: 10 MB.
import { z } from 'zod/v3';

const parameters = z.record(z.string(), z.string());
const known = z.object({ id: z.string(), name: z.string(), remove: parameters });

/** What receivers were told of and not yet untold: for the next run of the program. */
export const ToldState = z.object({
  version: z.literal(1),
  services: z.array(known),
  nodes: z.array(known),
});
export type ToldState = z.infer<typeof ToldState>;
