import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { AdvicePanel } from './advice/advice-panel.js';
import { CampaignsPanel } from './campaigns/campaigns-panel.js';
import { ChartsPanel } from './charts/charts-panel.js';
import { Guard } from './components/guard.js';
import { clockOf } from './format/time.js';
import { LettersPanel } from './letters/letters-panel.js';
import { languageFor, wordsOf, type Language } from './language/language.js';
import { PageContext, useKnown, usePage, type Page } from './page.js';
import { themeOf, type Theme } from './settings.js';
import { useSetting } from './use-setting.js';
import { PartitionsPanel } from './partitions/partitions-panel.js';
import { Header } from './shell/header.js';
import { Help } from './shell/help.js';
import { useShortcuts } from './shell/use-shortcuts.js';
import { useTabTitle } from './shell/use-tab-title.js';
import type { PageState } from './state.js';
import { VerdictBar } from './verdict/verdict-bar.js';

/** The page: header, verdict, and a panel for each subject. */
export function App({ state }: { readonly state: PageState }) {
  const [language, setLanguage] = useSetting<Language>('language', (kept) =>
    languageFor(kept, navigator.languages),
  );
  const [theme, setTheme] = useSetting<Theme>('theme', themeOf);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const openHelp = useCallback(() => setHelpOpen(true), []);
  const page = useMemo<Page>(
    () => ({ state, language, words: wordsOf(language), clock: clockOf(language) }),
    [state, language],
  );
  useShortcuts(openHelp);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return (
    <PageContext.Provider value={page}>
      <a class="skip" href="#main">
        {page.words.shell.skip}
      </a>
      <Header {...{ language, theme, setLanguage, setTheme, openHelp }} />
      <Panels />
      <Footer />
      {isHelpOpen && <Help onClose={() => setHelpOpen(false)} />}
    </PageContext.Provider>
  );
}

function Panels() {
  useTabTitle();
  return (
    <main id="main" class="grid">
      <Guard>
        <VerdictBar />
      </Guard>
      <Guard>
        <ChartsPanel />
      </Guard>
      <div class="stack">
        <Guard>
          <CampaignsPanel />
        </Guard>
        <Guard>
          <AdvicePanel />
        </Guard>
      </div>
      <Guard>
        <PartitionsPanel />
      </Guard>
      <Guard>
        <LettersPanel />
      </Guard>
    </main>
  );
}

function Footer() {
  const { words, clock } = usePage();
  const version = useKnown('site')?.version ?? '';
  return <footer class="foot quiet">{words.shell.footer(version, clock.zone)}</footer>;
}
