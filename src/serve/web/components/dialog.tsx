import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { usePage } from '../page.js';

interface DialogProps {
  readonly title: string;
  /** Also when it is closed by Escape or a click beside it. */
  readonly onClose: () => void;
  /** "side": at the right edge, as high as the window. */
  readonly kind?: 'centre' | 'side';
  /** Buttons; "Close" comes by itself where there are none. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** Open for as long as it is drawn. The browser keeps the focus inside and gives it back. */
export function Dialog({ title, onClose, kind = 'centre', actions, children }: DialogProps) {
  const { shell } = usePage().words;
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Closed while it is still in the page, or the focus would not go back to where it was.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${kind}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div class="dialog-frame">
        <header class="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" class="button icon" aria-label={shell.close} onClick={onClose}>
            ✕
          </button>
        </header>
        <div class="dialog-body">{children}</div>
        <footer class="dialog-actions">
          {actions ?? (
            <button type="button" class="button" onClick={onClose}>
              {shell.close}
            </button>
          )}
        </footer>
      </div>
    </dialog>
  );
}
