/** The demo is a program, not a library: it starts with main.ts. */
export {};
