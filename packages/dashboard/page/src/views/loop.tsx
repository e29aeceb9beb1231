import type { Fact, Problem, Station } from '../../../src/core/view/view.js';
import { place, refine, servicePlace } from '../state/address.js';
import { formatSeconds } from '../parts/format.js';
import { Age, Mark } from '../parts/parts.js';
import { all } from '../state/store.js';

const WORDS = {
  good: 'works',
  warning: 'look here',
  bad: 'does not work',
  away: 'does not answer',
  waiting: 'being asked',
  off: 'not set up',
} as const;

/** The loop, always on top: one station after the other, and the reasons of the one that is opened. */
export function Loop() {
  const stations = [...all('station').value.values()].sort((a, b) => a.order - b.order);
  const open = stations.find(({ name }) => name === place.value.query['station']);
  return (
    <nav class="loop" aria-label="The loop">
      <ol>
        {stations.map((station) => (
          <li key={station.name}>
            <StationButton station={station} isOpen={station === open} />
          </li>
        ))}
      </ol>
      {open === undefined ? null : <Reasons station={open} />}
    </nav>
  );
}

function StationButton({ station, isOpen }: { readonly station: Station; readonly isOpen: boolean }) {
  const { name, title, health, facts, sinceMs } = station;
  return (
    <button
      type="button"
      class={`station ${health}`}
      aria-expanded={isOpen}
      onClick={() => refine({ station: isOpen ? '' : name })}
    >
      <span class="top">
        <Mark health={health} />
        <span class="title">{title}</span>
        <span class="word">
          {WORDS[health]}
          {health === 'away' ? <Age atMs={sinceMs} prefix=" for " /> : null}
        </span>
      </span>
      <span class="facts">
        {facts.map((fact) => (
          <span class="fact" key={fact.label}>
            <FactValue fact={fact} /> <span class="label">{fact.label}</span>
          </span>
        ))}
      </span>
    </button>
  );
}

function FactValue({ fact: { value, atMs, seconds } }: { readonly fact: Fact }) {
  if (atMs !== undefined)
    return (
      <b>
        <Age atMs={atMs} />
      </b>
    );
  return <b>{seconds === undefined ? (value ?? '') : formatSeconds(seconds)}</b>;
}

/** More than these are a list of their own. */
const MOST_PROBLEMS = 5;

function Reasons({ station }: { readonly station: Station }) {
  const { title, name, health, reasons, sinceMs } = station;
  const problems = problemsOf(name);
  return (
    <div class={`reasons ${health}`} role="region" aria-label={`${title}: reasons`}>
      <p class="facts">
        {station.facts.map((fact) => (
          <span class="fact" key={fact.label}>
            <FactValue fact={fact} /> <span class="label">{fact.label}</span>
          </span>
        ))}
      </p>
      {reasons.length === 0 ? (
        <p>
          {health === 'off'
            ? `${title} is not asked: ${name.toUpperCase()}_ADDRESS is not set.`
            : `${title} ${WORDS[health]}. Nothing is rejected.`}
        </p>
      ) : (
        <ul>
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {problems.length === 0 ? null : (
        <ul>
          {problems.slice(0, MOST_PROBLEMS).map((problem) => (
            <li key={problem.id}>
              <ProblemLine problem={problem} />
            </li>
          ))}
          {problems.length > MOST_PROBLEMS ? (
            <li class="soft">and {problems.length - MOST_PROBLEMS} more</li>
          ) : null}
        </ul>
      )}
      <p class="soft">
        <Age atMs={sinceMs} prefix={health === 'away' ? 'No answer for ' : 'Answers for '} />
        {reasons.length > 0 && health !== 'away' ? (
          <>
            {' · '}
            <a href="#/problems">All problems</a>
          </>
        ) : null}
      </p>
    </div>
  );
}

/** What a program says of services, as its reasons are what it says of itself; targets of the monitor are told by its Prometheus. */
function problemsOf(name: string): readonly Problem[] {
  const sources = name === 'monitor' ? [name, 'prometheus'] : [name];
  return [...all('problem').value.values()]
    .filter(({ source, service }) => service !== '' && sources.includes(source))
    .sort((a, b) => (a.kind === b.kind ? (a.id < b.id ? -1 : 1) : a.kind === 'rejected' ? -1 : 1));
}

function ProblemLine({ problem: { service, label, value, text } }: { readonly problem: Problem }) {
  return (
    <span>
      {service === '' ? null : <a href={servicePlace(service)}>{service}</a>}
      {service === '' ? '' : ': '}
      {label === undefined ? null : (
        <code>
          com.df.{label}
          {value === undefined || value === '' ? '' : `=${value}`}
        </code>
      )}{' '}
      {text}
    </span>
  );
}
