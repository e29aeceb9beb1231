/** Something that others wait for, once. */
export interface Gate {
  /** Resolves when the gate is opened, at once when it was before. */
  readonly opened: Promise<void>;
  /** Opening it again does nothing. */
  readonly open: () => void;
}

export function createGate(): Gate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}
