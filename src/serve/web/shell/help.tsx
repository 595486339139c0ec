import { Dialog } from '../components/dialog.js';
import { Facts } from '../components/facts.js';
import { usePage } from '../page.js';
import { SHORTCUTS } from './shortcuts.js';

/** The keyboard shortcuts. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  const { shell } = usePage().words;
  return (
    <Dialog title={shell.shortcuts} onClose={onClose}>
      <Facts
        facts={SHORTCUTS.map(({ keys, name }) => [
          shell.shortcutsOf[name],
          keys.split(' ').map((key) => <kbd key={key}>{key}</kbd>),
        ])}
      />
    </Dialog>
  );
}
