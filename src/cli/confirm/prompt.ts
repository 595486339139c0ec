/** A question on the terminal, answered by a line. */
import { createInterface, type Interface } from 'node:readline/promises';
import { InterruptedError } from '../../errors.js';

/**
 * What is typed on a line. Throws InterruptedError where ctrl-C, ctrl-D or a signal break it off. After ctrl-Z and
 * `fg` the question is shown again, with what was typed so far.
 */
export async function answerTo(question: string, stopped: AbortSignal): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const over = new AbortController();
  const broken = new Promise<never>((_resolve, reject) => {
    prompt.once('close', reject);
    stopped.addEventListener('abort', reject, { signal: over.signal });
  });
  const giveTerminalBack = suspendable(prompt);
  try {
    return await Promise.race([prompt.question(question), broken]);
  } catch {
    // The cursor is still behind the question.
    process.stderr.write('\n');
    throw new InterruptedError();
  } finally {
    over.abort();
    giveTerminalBack();
    prompt.close();
  }
}

/** Readline alone leaves its input paused after `fg`, so that the process would end. Returns what undoes it. */
function suspendable(prompt: Interface): () => void {
  const suspend = () => {
    process.stdin.setRawMode(false);
    // All of a pipeline stops, or the shell would go on to wait for the others.
    process.kill(0, 'SIGTSTP');
  };
  const goOn = () => {
    process.stdin.setRawMode(true);
    prompt.prompt(true);
  };
  prompt.on('SIGTSTP', suspend);
  process.on('SIGCONT', goOn);
  return () => {
    process.off('SIGCONT', goOn);
  };
}
