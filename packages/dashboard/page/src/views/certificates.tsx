import { servicePlace } from '../state/address.js';
import { formatDay, formatDuration } from '../parts/format.js';
import { Badge, Cell, Empty, Head, Section, type Tone } from '../parts/parts.js';
import { all, now } from '../state/store.js';

const COLUMNS = [
  { title: 'Certificate' },
  { title: 'State' },
  { title: 'Names' },
  { title: 'Services' },
  { title: 'Expires' },
  { title: 'Next renewal' },
  { title: 'From' },
];
const SOON_MS = 14 * 86_400_000;

/** What HTTPS is served with, and until when; the first to expire first. */
export function Certificates() {
  const certificates = [...all('certificate').value.values()].sort(
    (a, b) => time(a.expires) - time(b.expires) || (a.name < b.name ? -1 : 1),
  );
  return (
    <Section
      title="Certificates"
      id="certificates-title"
      count={certificates.length}
      sources={['proxy', 'certificates']}
    >
      {certificates.length === 0 ? (
        <Empty title="No certificate">
          The proxy takes certificates from Swarm secrets whose names begin with <code>cert-</code>, from the
          label <code>com.df.serviceCert</code>, and from the program for certificates where it runs.
        </Empty>
      ) : (
        <table role="table">
          <Head columns={COLUMNS} />
          <tbody role="rowgroup">
            {certificates.map((one) => {
              const left = one.expires === undefined ? undefined : Date.parse(one.expires) - now.value;
              const isSoon = left !== undefined && left < SOON_MS;
              return (
                <tr role="row" key={one.name}>
                  <th role="rowheader" scope="row" data-title="Certificate">
                    {one.name}
                    {one.problem === undefined ? null : <p class="bad small">{one.problem}</p>}
                  </th>
                  <Cell title="State">
                    <Badge tone={toneOf(one.state)}>{one.state}</Badge>
                  </Cell>
                  <Cell title="Names">
                    {one.names.length === 0 ? <span class="none">–</span> : one.names.join(', ')}
                  </Cell>
                  <Cell title="Services">
                    {one.services.length === 0 ? <span class="none">–</span> : null}
                    <ul class="inline">
                      {one.services.map((service) => (
                        <li key={service}>
                          <a href={servicePlace(service)}>{service}</a>
                        </li>
                      ))}
                    </ul>
                  </Cell>
                  <Cell title="Expires">
                    {one.expires === undefined || left === undefined ? (
                      <span class="none">–</span>
                    ) : (
                      <span class={isSoon ? 'bad' : ''}>
                        {formatDay(one.expires)}{' '}
                        <span class="soft unbroken">
                          {left < 0 ? 'expired' : `in ${formatDuration(left)}`}
                        </span>
                      </span>
                    )}
                  </Cell>
                  <Cell title="Next renewal">
                    {one.renewAt === undefined ? (
                      <span class="none">–</span>
                    ) : (
                      <>
                        {formatDay(one.renewAt)}
                        {Date.parse(one.renewAt) < now.value ? <span class="bad"> overdue</span> : null}
                      </>
                    )}
                  </Cell>
                  <Cell title="From">{one.source}</Cell>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function time(iso: string | undefined): number {
  return iso === undefined ? Infinity : Date.parse(iso);
}

function toneOf(state: string): Tone {
  if (state === 'valid') return 'good';
  if (state === 'failed' || state === 'expired') return 'bad';
  return state === 'retired' ? 'quiet' : 'info';
}
