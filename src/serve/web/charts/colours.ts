import { useEffect, useState } from 'preact/hooks';
import type { SeriesColour } from './chart-specs.js';

type ColourName = SeriesColour | 'series-1-fill' | 'text-faint' | 'line';
export type Colours = Readonly<Record<ColourName, string>>;

/** The design's colours for a canvas, which can't read custom properties; read again when the theme changes. */
export function useColours(): Colours {
  const [colours, setColours] = useState(readColours);
  useEffect(() => {
    const changed = (): void => setColours(readColours());
    const system = matchMedia('(prefers-color-scheme: dark)');
    const chosen = new MutationObserver(changed);
    system.addEventListener('change', changed);
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      system.removeEventListener('change', changed);
      chosen.disconnect();
    };
  }, []);
  return colours;
}

function readColours(): Colours {
  return {
    'series-1': colour('series-1'),
    'series-2': colour('series-2'),
    'series-3': colour('series-3'),
    'series-1-fill': colour('series-1-fill'),
    'text-faint': colour('text-faint'),
    line: colour('line'),
  };
}

/** As a canvas knows it: a custom property alone would say light-dark(...). */
function colour(name: ColourName): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
