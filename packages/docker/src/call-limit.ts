/** How long an answer may take. */
export interface AnswerLimits {
  /** From one piece to the next, and to the first one. */
  readonly silenceMs: number;
  /** From the question to the last piece. */
  readonly answerMs: number;
}

export interface CallLimit {
  /** Aborts when the time is over. */
  readonly signal: AbortSignal;
  /** Why it is over; `undefined` while it is not. */
  expired(): string | undefined;
  /** A piece has come. */
  touch(): void;
  /** The call has ended. */
  stop(): void;
}

/** Starts the clock of one call. */
export function startLimit({ silenceMs, answerMs }: AnswerLimits): CallLimit {
  const controller = new AbortController();
  let reason: string | undefined;
  const expire = (text: string) => () => {
    reason ??= text;
    controller.abort();
  };
  const whole = setTimeout(expire(`no whole answer within ${answerMs} ms`), answerMs);
  const silence = setTimeout(expire(`no answer within ${silenceMs} ms`), silenceMs);
  return {
    signal: controller.signal,
    expired: () => reason,
    touch: () => void silence.refresh(),
    stop() {
      clearTimeout(whole);
      clearTimeout(silence);
    },
  };
}
