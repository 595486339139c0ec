/** ctrl-Z and fg: what is drawn again and again leaves the terminal to the shell, and comes back. */

/** Something that is drawn on a terminal. */
export interface Drawing {
  /** Gives the terminal to the shell: called before the process stops. */
  suspend(): void;
  /** Draws it again: called when the process goes on. */
  resume(): void;
}

const drawings = new Set<Drawing>();

/** Until the function that it returns is called, `drawing` is told of ctrl-Z (SIGTSTP) and fg (SIGCONT). */
export function whileDrawn(drawing: Drawing): () => void {
  if (drawings.size === 0) process.on('SIGTSTP', stop);
  drawings.add(drawing);
  return () => {
    drawings.delete(drawing);
    if (drawings.size === 0) process.off('SIGTSTP', stop);
  };
}

function stop(): void {
  const suspended = [...drawings];
  for (const drawing of suspended) drawing.suspend();
  process.once('SIGCONT', () => {
    for (const drawing of suspended) if (drawings.has(drawing)) drawing.resume();
  });
  // A process that handles SIGTSTP is not stopped by it. SIGSTOP can't be handled.
  process.kill(process.pid, 'SIGSTOP');
}
