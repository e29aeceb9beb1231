import { PROXY_DESTINATION_LABELS, PROXY_SERVICE_LABELS, type Parameters } from '@docker-flow/labels';

const PREFIX = 'DFP_SERVICE';

/**
 * Services described by variables: `DFP_SERVICE_<NAME>` and `DFP_SERVICE_1_<NAME>`, `DFP_SERVICE_2_…` up to
 * the first number without a service name. `<NAME>` is the parameter's name in capitals with underscores;
 * a destination's number goes to its end (`DFP_SERVICE_1_PORT_2`).
 */
export function environmentServices(
  environment: Readonly<Record<string, string | undefined>>,
): readonly Parameters[] {
  const services: Parameters[] = [];
  const add = (prefix: string) => {
    const parameters = readService(environment, prefix);
    if (parameters['serviceName'] === undefined) return false;
    services.push(parameters);
    return true;
  };
  add(PREFIX);
  for (let i = 1; add(`${PREFIX}_${i}`); i += 1);
  return services;
}

function readService(environment: Readonly<Record<string, string | undefined>>, prefix: string): Parameters {
  const parameters: Record<string, string> = {};
  for (const { name, indexed } of [...PROXY_SERVICE_LABELS, ...PROXY_DESTINATION_LABELS]) {
    const variable = `${prefix}_${variableName(name)}`;
    const value = environment[variable];
    if (value) parameters[name] = value;
    if (!indexed) continue;
    for (let i = 1; i <= 10; i += 1) {
      const own = environment[`${variable}_${i}`];
      if (own) parameters[`${name}.${i}`] = own;
    }
  }
  // They are always added, and never sent on to other replicas, which have the same environment.
  delete parameters['replicas'];
  delete parameters['distribute'];
  return parameters;
}

/** `reqPathSearchReplace` as `REQ_PATH_SEARCH_REPLACE` */
export function variableName(parameter: string): string {
  return parameter.replace(/([A-Z])/g, '_$1').toUpperCase();
}
