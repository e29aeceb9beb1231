import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { LabelPage } from '../../../src/core/detail/label-page.js';
import { servicePlace } from '../state/address.js';
import { Empty, Section } from '../parts/parts.js';
import { ProblemList } from '../parts/problem-list.js';
import { all } from '../state/store.js';
import { ask } from '../state/stream.js';

/** What a label means, from the catalogue, and who has problems with it. */
export function Label({ name }: { readonly name: string }) {
  const page = useSignal<LabelPage | undefined>(undefined);
  const failure = useSignal('');
  useEffect(() => {
    page.value = undefined;
    ask<LabelPage>(`v1/labels/${encodeURIComponent(name)}`).then(
      (answer) => {
        page.value = answer;
        failure.value = '';
      },
      (error: unknown) => (failure.value = error instanceof Error ? error.message : String(error)),
    );
  }, [name]);
  const bare = name.replace(/\.[0-9]+$/, '');
  const problems = [...all('problem').value.values()].filter(
    ({ label }) => label?.replace(/\.[0-9]+$/, '') === bare,
  );
  return (
    <>
      <Section title={`com.df.${name}`} id="label-title">
        {failure.value === '' ? null : <Empty title={failure.value} />}
        {page.value?.entries.map((entry) => (
          <div class="entry" key={entry.reader}>
            <Marked text={entry.description} />
            <dl class="pairs">
              <dt>read by</dt>
              <dd>{entry.reader === 'proxy-configurator' ? 'proxy' : entry.reader}</dd>
              <dt>value</dt>
              <dd>
                <Marked text={entry.words} />
              </dd>
              <dt>default</dt>
              <dd>{entry.default === undefined ? 'none' : <code>{entry.default}</code>}</dd>
              {entry.example === undefined ? null : (
                <>
                  <dt>example</dt>
                  <dd>
                    <code>
                      com.df.{entry.name}={entry.example}
                    </code>
                  </dd>
                </>
              )}
              {entry.indexed ? (
                <>
                  <dt>several</dt>
                  <dd>
                    <code>com.df.{entry.name}.1</code>, <code>.2</code> …
                  </dd>
                </>
              ) : null}
            </dl>
          </div>
        ))}
      </Section>
      {problems.length === 0 ? null : (
        <Section title="Problems with it" id="label-problems" count={problems.length}>
          <ProblemList problems={problems} namesService />
        </Section>
      )}
      <p>
        <a href={servicePlace('').replace(/\/$/, '')}>← Services</a>
      </p>
    </>
  );
}

/** Text with `code` in it; nothing else of Markdown is looked at. */
function Marked({ text }: { readonly text: string }) {
  const parts = text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').split('`');
  return <p>{parts.map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))}</p>;
}
