/** A part that runs until its signal aborts. A number it answers is the exit status of the program. */
export interface Actor {
  readonly name: string;
  run(signal: AbortSignal): Promise<unknown>;
}
