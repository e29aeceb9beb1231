/** One query of a panel, with Grafana's variables filled in. */
export interface DashboardQuery {
  readonly panel: string;
  readonly query: string;
  /** How Grafana names a series, with metric labels in double braces. */
  readonly legend: string;
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly description?: string;
    readonly type: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition: string }[] };
}

/** The window that Grafana chooses for a rate when it scrapes every 15 seconds or less. */
const RATE_INTERVAL = '1m';

/** Every query of a dashboard as Grafana sends it when "All" is chosen for each variable. */
export function dashboardQueries({ panels, templating }: Dashboard): readonly DashboardQuery[] {
  const names = templating.list.map((variable) => variable.name);
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({
      panel: title,
      query: fillIn(expr, names),
      legend: legendFormat,
    })),
  );
}

/** The selectors by which the variables of a dashboard find their values. */
export function variableQueries({ templating }: Dashboard): readonly DashboardQuery[] {
  const names = templating.list.map((variable) => variable.name);
  return templating.list.map(({ name, definition }) => {
    const selector = /^label_values\((.+), *([a-zA-Z_]+)\)$/.exec(definition);
    if (!selector?.[1] || !selector[2])
      throw new Error(`variable ${name}: ${definition} is no label_values(…)`);
    return {
      panel: `variable ${name}`,
      query: `count by (${selector[2]}) (${fillIn(selector[1], names)})`,
      legend: `{{${selector[2]}}}`,
    };
  });
}

function fillIn(query: string, variables: readonly string[]): string {
  return variables
    .reduce((text, name) => text.replaceAll(`$${name}"`, '.+"'), query)
    .replaceAll('$__rate_interval', RATE_INTERVAL);
}
