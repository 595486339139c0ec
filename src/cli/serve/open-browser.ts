import { spawn } from 'node:child_process';

/** What opens an address in the user's browser. */
function opener(url: string): readonly [string, ...string[]] {
  switch (process.platform) {
    case 'darwin':
      return ['open', url];
    case 'win32':
      // The first argument in quotes would be the window's title.
      return ['cmd', '/c', 'start', '""', url];
    default:
      return ['xdg-open', url];
  }
}

/** Does not wait for the browser; `onFailure` hears of it where there is none. */
export function openBrowser(url: string, onFailure: (why: string) => void): void {
  const [command, ...args] = opener(url);
  const browser = spawn(command, args, { stdio: 'ignore', detached: true });
  browser.once('error', (error) => onFailure(error.message));
  browser.once('exit', (code) => {
    if (code !== 0 && code !== null) onFailure(`${command} ended with exit code ${code}`);
  });
  browser.unref();
}
