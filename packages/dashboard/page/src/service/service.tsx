import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { ServiceDetail } from '../../../src/core/detail/service-detail.js';
import { place } from '../state/address.js';
import { DecisionList } from '../parts/decision-list.js';
import { Explain } from '../parts/explain.js';
import { Badge, Command, Empty, Section } from '../parts/parts.js';
import { ProblemList } from '../parts/problem-list.js';
import { AlertsPart } from './alerts-part.js';
import { keepDetail } from './keep-last.js';
import { LabelsPart } from './labels-part.js';
import { RoutesPart } from './routes-part.js';
import { ScalingPart } from './scaling-part.js';
import { TargetsPart } from './targets-part.js';
import { TasksPart } from './tasks-part.js';
import { all, now } from '../state/store.js';
import { ask } from '../state/stream.js';
import { Timeline } from './timeline.js';
import { labelCommand, tasksCommand } from '../parts/commands.js';

/** What is looked at is asked anew so often, in milliseconds, besides when its row has changed. */
const REFRESH_MS = 10_000;

/** One service, whole. */
export function Service({ name }: { readonly name: string }) {
  const row = all('service').value.get(name);
  const detail = useSignal<ServiceDetail | undefined>(undefined);
  const failure = useSignal('');
  const turn = Math.floor(now.value / REFRESH_MS);

  useEffect(() => {
    const stop = new AbortController();
    ask<ServiceDetail>(`v1/services/${encodeURIComponent(name)}`, stop.signal).then(
      (answer) => {
        detail.value = keepDetail(detail.peek(), answer);
        failure.value = '';
      },
      (error: unknown) => {
        if (!stop.signal.aborted) failure.value = error instanceof Error ? error.message : String(error);
      },
    );
    return () => stop.abort();
  }, [name, row, turn]);

  const known = detail.value?.name === name ? detail.value : undefined;
  const problems = [...all('problem').value.values()].filter(({ service }) => service === name);
  return (
    <article class="service" aria-labelledby="service-title">
      <header class="service-head">
        <a href="#/services" class="back">
          ← Services
        </a>
        <h2 id="service-title">
          {row === undefined || row.stack === '' ? null : <span class="of">{row.stack}</span>}
          {row?.short ?? name}
        </h2>
        {row === undefined ? null : <Flags flags={row.flags} firing={row.firing} pending={row.pending} />}
      </header>
      {known === undefined && failure.value !== '' ? (
        <Section title="Not known" id="not-known">
          <Empty title={failure.value}>
            A service is shown once it has the label <code>com.df.notify=true</code> and a task runs.
          </Empty>
        </Section>
      ) : null}
      {problems.length === 0 ? null : (
        <Section title="Problems" id="service-problems" count={problems.length}>
          <ProblemList problems={problems} />
        </Section>
      )}
      <Timeline service={name} range={place.value.query['range'] ?? '3600'} />
      {known === undefined ? null : <Parts detail={known} />}
    </article>
  );
}

function Flags({
  flags,
  firing,
  pending,
}: {
  readonly flags: readonly string[];
  readonly firing: number;
  readonly pending: number;
}) {
  return (
    <span class="flags">
      {firing > 0 ? <Badge tone="bad">▲ {firing} firing</Badge> : null}
      {pending > 0 ? <Badge tone="warning">◔ {pending} pending</Badge> : null}
      {flags.includes('scaling') ? <Badge tone="info">scaling</Badge> : null}
      {flags.includes('at-bound') ? <Badge tone="info">at a bound</Badge> : null}
      {flags.includes('paused') ? <Badge tone="info">paused</Badge> : null}
    </span>
  );
}

function Parts({ detail }: { readonly detail: ServiceDetail }) {
  const { name, labels, decisions, scaling } = detail;
  const paused = scaling?.paused === true;
  return (
    <>
      <Section title="Labels" id="labels-title" count={labels.length} sources={['listener']}>
        <LabelsPart service={name} labels={labels} />
      </Section>
      <div class="columns">
        <Section title="Routes" id="service-routes" count={detail.routes.length} sources={['proxy']}>
          <RoutesPart detail={detail} />
        </Section>
        <Section title="Targets" id="service-targets" count={detail.targets.length} sources={['prometheus']}>
          <TargetsPart targets={detail.targets} />
        </Section>
        <Section
          title="Alerts"
          id="service-alerts"
          count={detail.alerts.length}
          sources={['monitor', 'prometheus', 'alertmanager']}
        >
          <AlertsPart alerts={detail.alerts} />
        </Section>
        <Section title="Scaling" id="service-scaling" sources={['scaler']}>
          <ScalingPart detail={detail} />
        </Section>
        <Section
          title="Tasks"
          id="service-tasks"
          count={detail.tasks.reduce((sum, { tasks }) => sum + tasks.length, 0)}
          sources={['scaler']}
        >
          <TasksPart detail={detail} />
        </Section>
        <Section title="Copy as command" id="service-commands">
          <p class="soft">This page changes nothing. What you would do here, you do in a terminal:</p>
          <Command what="its tasks, and why some wait" text={tasksCommand(name)} />
          {scaling === undefined ? null : (
            <Command
              what={paused ? 'scale it again' : 'leave its count alone'}
              text={labelCommand(name, 'scalePaused', paused ? 'false' : 'true')}
            />
          )}
          {scaling === undefined ? (
            <Command what="let alerts scale it" text={labelCommand(name, 'scaleMax', '5')} />
          ) : (
            <Command
              what="a larger maximum"
              text={labelCommand(name, 'scaleMax', String(scaling.max.value + 1))}
            />
          )}
        </Section>
      </div>
      <Explain
        example={detail.routes[0] === undefined ? '/' : `${detail.routes[0].domain}${detail.routes[0].path}`}
      />
      <Section title="Decisions" id="service-decisions" count={decisions.length} sources={['scaler']}>
        {decisions.length === 0 ? (
          <Empty title="Nothing was decided for it yet" />
        ) : (
          <DecisionList decisions={decisions} openId={place.value.query['decision'] ?? ''} />
        )}
      </Section>
    </>
  );
}
