import { Badge } from '../components/badge.js';
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../language/language.js';
import { useKnown, usePage } from '../page.js';
import { THEMES, type Theme } from '../settings.js';
import { Choice } from '../components/choice.js';
import { StreamLight } from './stream-light.js';

export interface Chosen {
  readonly language: Language;
  readonly theme: Theme;
  readonly setLanguage: (language: Language) => void;
  readonly setTheme: (theme: Theme) => void;
  readonly openHelp: () => void;
}

/** What is looked at, whether it is live, and how it is shown. */
export function Header({ language, theme, setLanguage, setTheme, openHelp }: Chosen) {
  const { shell } = usePage().words;
  const site = useKnown('site');
  return (
    <header class="top">
      <h1 class="brand">
        <img src="/assets/icon.svg" alt="" width="20" height="20" />
        {shell.title}
      </h1>
      {site !== undefined && <Place />}
      <div class="top-tools">
        {site?.readOnly === true && (
          <Badge title={shell.readOnlyHint.replaceAll('`', '')}>{shell.readOnly}</Badge>
        )}
        <StreamLight />
        <Choice
          label={shell.language}
          options={LANGUAGES.map((each) => [each, LANGUAGE_NAMES[each]] as const)}
          chosen={language}
          onChoose={setLanguage}
        />
        <Choice
          label={shell.theme}
          options={THEMES.map((each) => [each, shell.themes[each]] as const)}
          chosen={theme}
          onChoose={setTheme}
        />
        <button
          type="button"
          class="button icon shortcuts-button"
          aria-label={shell.shortcuts}
          onClick={openHelp}
        >
          ?
        </button>
      </div>
    </header>
  );
}

/** Group, brokers and store: which pipeline this is. */
function Place() {
  const { shell } = usePage().words;
  const site = useKnown('site');
  const facts = [
    [shell.context, site?.context, ''],
    [shell.group, site?.group, ''],
    [shell.brokers, site?.brokers, 'address'],
    [shell.store, site?.store, 'address'],
  ] as const;
  return (
    <dl class="place">
      {facts.map(
        ([name, value, kind]) =>
          typeof value === 'string' && (
            <div key={name} class={kind}>
              <dt>{name}</dt>
              <dd title={value}>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
