import { useEffect } from 'preact/hooks';
import { typed } from './shortcuts.js';

/** Listens to the keyboard for as long as the component is drawn. */
export function useShortcuts(openHelp: () => void): void {
  useEffect(() => {
    let before = '';
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
      const { shortcut, typed: now } = typed(before, event.key);
      before = now;
      if (shortcut === null) return;
      event.preventDefault();
      if (shortcut.target === null) openHelp();
      else document.getElementById(shortcut.target)?.focus();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [openHelp]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, dialog') !== null;
}
