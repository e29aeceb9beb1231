import { render } from 'preact';
import { followAddress, go, place, refine } from './state/address.js';
import { Certificates } from './views/certificates.js';
import { Decisions } from './views/decisions.js';
import { Label } from './views/label.js';
import { Loop } from './views/loop.js';
import { Nodes } from './views/nodes.js';
import { Age, Badge } from './parts/parts.js';
import { VIEWS, writePlace, type View } from './state/place.js';
import { Problems } from './views/problems.js';
import { Routes } from './views/routes.js';
import { Service } from './service/service.js';
import { focusFirstRow, Services } from './services/services.js';
import { all, hasLoaded, isLive, lostAtMs, startClock } from './state/store.js';
import { followChanges } from './state/stream.js';

const TABS: readonly (readonly [View, string, () => number])[] = [
  ['services', 'Services', () => all('service').value.size],
  ['problems', 'Problems', () => all('problem').value.size],
  ['decisions', 'Decisions', () => all('decision').value.size],
  ['routes', 'Routes', () => all('route').value.size],
  ['certificates', 'Certificates', () => all('certificate').value.size],
  ['nodes', 'Nodes', () => all('node').value.size],
];

function Page() {
  const [view = 'services', name] = place.value.path;
  return (
    <>
      <a class="skip" href="#content" onClick={focusContent}>
        Skip to the content
      </a>
      <header class="top">
        <h1>
          <a href="#/services">
            <img src="./icon.svg" alt="" width="24" height="24" /> Docker Flow
          </a>
        </h1>
        <nav class="tabs" aria-label="Views">
          {TABS.map(([tab, title, count]) => (
            <a
              key={tab}
              href={writePlace({ path: [tab], query: {} })}
              aria-current={view === tab ? 'page' : undefined}
              ref={view === tab ? bringIntoSight : null}
            >
              {title} <span class="count">{count()}</span>
            </a>
          ))}
        </nav>
        <Connection />
      </header>
      <Loop />
      <main id="content" tabIndex={-1}>
        <Content view={view} name={name} />
      </main>
      <footer>
        <span>
          Read-only. <kbd>/</kbd> search · <kbd>↑</kbd> <kbd>↓</kbd> rows · <kbd>Enter</kbd> open ·{' '}
          <kbd>Esc</kbd> back · <kbd>1</kbd>–<kbd>6</kbd> views
        </span>
      </footer>
    </>
  );
}

/** On a phone the tabs are wider than the page. The page itself stays where it is. */
function bringIntoSight(tab: HTMLAnchorElement | null): void {
  const tabs = tab?.parentElement;
  if (tab === null || tabs === null || tabs === undefined) return;
  const left = tab.offsetLeft - tabs.offsetLeft;
  if (left < tabs.scrollLeft || left + tab.offsetWidth > tabs.scrollLeft + tabs.clientWidth)
    tabs.scrollLeft = left - (tabs.clientWidth - tab.offsetWidth) / 2;
}

function Content({ view, name }: { readonly view: string; readonly name: string | undefined }) {
  switch (view) {
    case 'problems':
      return <Problems />;
    case 'decisions':
      return <Decisions />;
    case 'routes':
      return <Routes />;
    case 'certificates':
      return <Certificates />;
    case 'nodes':
      return <Nodes />;
    case 'labels':
      return <Label name={name ?? ''} />;
    default:
      return name === undefined ? <Services /> : <Service name={name} />;
  }
}

function Connection() {
  const lost = lostAtMs.value;
  return (
    <span class="connection" role="status">
      {isLive.value ? (
        <Badge tone="good">● live</Badge>
      ) : (
        <Badge tone="warning">
          ◌ {hasLoaded.value && lost !== undefined ? <Age atMs={lost} prefix="cut off for " /> : 'connecting'}
        </Badge>
      )}
    </span>
  );
}

function focusContent(event: Event): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

/** Keys that work wherever nothing is typed. */
function onKey(event: KeyboardEvent): void {
  const target = event.target as Element;
  const isTyping = target.matches('input,textarea,select');
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') {
    escape(target, isTyping);
    return;
  }
  if (isTyping) {
    if (event.key === 'ArrowDown' && target.id === 'search') {
      event.preventDefault();
      focusFirstRow();
    }
    return;
  }
  if (event.key === '/') {
    event.preventDefault();
    if (document.getElementById('search') === null) go({ path: ['services'], query: {} });
    requestAnimationFrame(() => setTimeout(() => document.getElementById('search')?.focus()));
    return;
  }
  const view = VIEWS[Number(event.key) - 1];
  if (/^[1-6]$/.test(event.key) && view !== undefined) go({ path: [view], query: {} });
}

/** One step back: out of the search, the opened station, the service. */
function escape(target: Element, isTyping: boolean): void {
  const { query, path } = place.peek();
  if (isTyping) {
    (target as HTMLElement).blur();
    if (target.id === 'search') refine({ q: '' });
  } else if (query['station'] !== undefined && query['station'] !== '') refine({ station: '' });
  else if (path.length > 1) go({ path: ['services'], query: {} });
}

followAddress();
startClock();
followChanges();
document.addEventListener('keydown', onKey);
const page = document.getElementById('page');
if (page !== null) render(<Page />, page);
