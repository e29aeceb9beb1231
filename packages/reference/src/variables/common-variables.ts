/** Variables that every program understands in the same way. */
export const COMMON_VARIABLES = {
  DF_LISTEN_ADDRESS: 'Where the API listens: `host:port` or `:port`.',
  LOG_LEVEL: '`error`, `warn`, `info` or `debug`.',
  DF_FS_ROOT: 'Put before every path that is built in; for tests.',
} as const;
