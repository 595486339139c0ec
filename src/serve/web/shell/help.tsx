import { Dialog } from '../components/dialog.js';
import { usePage } from '../page.js';
import { SHORTCUTS } from './shortcuts.js';

/** The keyboard shortcuts. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  const { shell } = usePage().words;
  return (
    <Dialog title={shell.shortcuts} onClose={onClose}>
      <dl class="facts">
        {SHORTCUTS.map(({ keys, name }) => (
          <div key={name}>
            <dt>{shell.shortcutsOf[name]}</dt>
            <dd>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
