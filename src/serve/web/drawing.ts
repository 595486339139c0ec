/** Changes are drawn together, once a frame: after a pause, hundreds of events may come at once. */
import { options } from 'preact';

/** A hidden tab has no frames, but its title still says the verdict. */
const WITHOUT_FRAMES_MS = 100;

export function drawOnceAFrame(): void {
  options.debounceRendering = (draw) => {
    const drawOnce = (): void => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      draw();
    };
    const timer = setTimeout(drawOnce, WITHOUT_FRAMES_MS);
    const frame = requestAnimationFrame(drawOnce);
  };
}
