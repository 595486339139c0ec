/** Starts the page: connects, and draws what comes. */
import { render } from 'preact';
import { App } from './app.js';
import { browserStream } from './browser-stream.js';
import { drawOnceAFrame } from './drawing.js';
import { EVENT_NAMES, PageState } from './state.js';
import { Stream } from './stream.js';

hideToken();
drawOnceAFrame();
const state = new PageState();
reloadForAnotherVersion(state);
new Stream(browserStream(EVENT_NAMES), {
  event: (name, json) => state.apply(name, json),
  state: (stream) => state.set('stream', stream),
}).connect();
const place = document.getElementById('page');
if (place !== null) render(<App state={state} />, place);

/** The server has made a cookie of it: it must not stay in the history or in a bookmark. */
function hideToken(): void {
  const address = new URL(location.href);
  if (!address.searchParams.has('token')) return;
  address.searchParams.delete('token');
  history.replaceState(null, '', address);
}

/** A server that was replaced by another version has another page, too. */
function reloadForAnotherVersion(known: PageState): void {
  let version: string | undefined;
  known.subscribe('site', () => {
    const now = known.get('site')?.version;
    if (version !== undefined && now !== version) location.reload();
    version = now;
  });
}
