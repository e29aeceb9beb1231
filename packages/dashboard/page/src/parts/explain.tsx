import { useSignal } from '@preact/signals';
import { Badge, Command, Section } from './parts.js';
import { explainCommand, shellWord } from './commands.js';
import { ask } from '../state/stream.js';

interface Tried {
  readonly service: string;
  readonly backend: string;
  readonly matches: boolean | null;
  readonly because: string;
}

interface Explanation {
  readonly taken?: { readonly service: string; readonly backend: string; readonly why: string };
  readonly tried?: readonly Tried[];
}

/** "Which route takes …": asks the proxy, whose word it is. */
export function Explain({ example = 'example.com/demo/hello' }: { readonly example?: string }) {
  const address = useSignal('');
  const answer = useSignal<Explanation | undefined>(undefined);
  const problem = useSignal('');

  async function explain(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { host, path } = splitAddress(address.value);
    try {
      answer.value = await ask<Explanation>(`v1/explain?${new URLSearchParams({ host, path }).toString()}`);
      problem.value = '';
    } catch (error) {
      answer.value = undefined;
      problem.value = error instanceof Error ? error.message : String(error);
    }
  }

  return (
    <Section title="Which route takes …" id="explain-title">
      <form class="tools" onSubmit={(event) => void explain(event)}>
        <label class="search wide">
          <span class="unseen">Address</span>
          <input
            type="text"
            placeholder={example}
            value={address.value}
            onInput={(event) => (address.value = event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="main">
          Explain
        </button>
      </form>
      <div role="status">
        {problem.value === '' ? null : <p class="bad">{problem.value}</p>}
        {answer.value === undefined ? null : <Answer answer={answer.value} />}
      </div>
      {address.value === '' ? null : (
        <>
          <Command
            what="the same in a terminal"
            text={`curl -s ${shellWord(new URL(`v1/explain?${new URLSearchParams(splitAddress(address.value)).toString()}`, document.baseURI).href)}`}
          />
          <Command
            what="for a stack file, before it is deployed"
            text={explainCommand(splitAddress(address.value))}
          />
        </>
      )}
    </Section>
  );
}

function Answer({ answer: { taken, tried = [] } }: { readonly answer: Explanation }) {
  return (
    <>
      <p>
        {taken === undefined ? (
          <>
            <Badge tone="bad">✕ none</Badge> No route takes it; the answer is 503.
          </>
        ) : (
          <>
            <Badge tone="good">✓ {taken.service}</Badge> {taken.why}
          </>
        )}
      </p>
      <ol class="tried">
        {tried.map(({ service, backend, matches, because }, i) => (
          <li key={i}>
            <Badge tone={matches === true ? 'good' : matches === null ? 'info' : 'quiet'}>
              {matches === true ? '✓' : matches === null ? '?' : '✕'}
            </Badge>{' '}
            {service} <code>{backend}</code> <span class="soft">{because}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

/** `https://host/path` → host and path. */
function splitAddress(text: string): { readonly host: string; readonly path: string } {
  const [, host = '', path = ''] = /^(?:[a-z]+:\/\/)?([^/]*)(.*)$/s.exec(text.trim()) ?? [];
  return { host, path: path === '' ? '/' : path };
}
