/** A text as one word of a shell. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Sets a label of a running service. */
export function labelCommand(service: string, label: string, value: string): string {
  return `docker service update --label-add ${shellWord(`com.df.${label}=${value}`)} ${shellWord(service)}`;
}

export function removeLabelCommand(service: string, label: string): string {
  return `docker service update --label-rm ${shellWord(`com.df.${label}`)} ${shellWord(service)}`;
}

/** What is behind a service that lacks tasks. */
export function tasksCommand(service: string): string {
  return `docker service ps --no-trunc ${shellWord(service)}`;
}

/** Asks the same of a stack file. */
export function explainCommand({ host, path }: { readonly host: string; readonly path: string }): string {
  return `dflow explain --url ${shellWord(`http://${host}${path}`)} stack.yml`;
}
