import { useCallback, useState } from 'preact/hooks';
import { keepSetting, readSetting, type Setting } from './settings.js';

/** What the viewer chose, else what `from` makes of nothing; only a choice is kept. */
export function useSetting<Value extends string>(
  name: Setting,
  from: (kept: string | null) => Value,
): readonly [Value, (chosen: Value) => void] {
  const [value, setValue] = useState(() => from(readSetting(name)));
  const choose = useCallback(
    (chosen: Value) => {
      keepSetting(name, chosen);
      setValue(chosen);
    },
    [name],
  );
  return [value, choose];
}
