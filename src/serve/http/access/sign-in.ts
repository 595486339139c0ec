/** The page for a browser without a session: it asks for the token, without any script. */
import type { Answer } from '../answer.js';
import { unauthorized } from './access.js';

type Language = 'en' | 'ko';

const WORDS = {
  en: {
    title: 'Coupons console',
    lead: 'Open the address that <code>coupons serve</code> printed, or enter its token.',
    token: 'Token',
    enter: 'Open the console',
    wrong: 'This token is not valid.',
  },
  ko: {
    title: '쿠폰 콘솔',
    lead: '<code>coupons serve</code>가 출력한 주소를 열거나 토큰을 입력하세요.',
    token: '토큰',
    enter: '콘솔 열기',
    wrong: '토큰이 올바르지 않습니다.',
  },
} as const;

export interface SignIn {
  /** Of the browser. */
  readonly acceptLanguage: string | undefined;
  /** A token was given, and it is not the right one. */
  readonly isWrong: boolean;
}

export function signInPage({ acceptLanguage, isWrong }: SignIn): Answer {
  const language = preferred(acceptLanguage ?? '');
  return {
    status: 401,
    headers: {
      ...unauthorized().headers,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Language': language,
      Vary: 'Accept-Language',
      // With no-referrer, a form sends "Origin: null", which can't be told from another site's.
      'Referrer-Policy': 'same-origin',
    },
    body: page(language, isWrong),
  };
}

function page(language: Language, isWrong: boolean): string {
  const { title, lead, token, enter, wrong } = WORDS[language];
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/sign-in.css">
<main>
  <h1>${title}</h1>
  <p>${lead}</p>
  <form method="post" action="/session">
    <label for="token">${token}</label>
    <input id="token" name="token" type="password" autocomplete="current-password" required autofocus${
      isWrong ? ' aria-invalid="true" aria-describedby="wrong"' : ''
    }>
    ${isWrong ? `<p id="wrong" role="alert">${wrong}</p>` : ''}
    <button>${enter}</button>
  </form>
</main>
</html>
`;
}

/** The first of the two that the browser names; browsers name the one they like best first. */
function preferred(acceptLanguage: string): Language {
  const named = acceptLanguage.toLowerCase().split(',');
  const found = named.map((range) => range.trim().slice(0, 2)).find(isLanguage);
  return found ?? 'en';
}

function isLanguage(code: string): code is Language {
  return code === 'en' || code === 'ko';
}

/** Its colours are those of ../web/styles/tokens.css. */
export const SIGN_IN_CSS = `:root {
  color-scheme: light dark;
  font: 15px/1.5 system-ui, 'Noto Sans KR', 'Apple SD Gothic Neo', 'Malgun Gothic', sans-serif;
  background: light-dark(#fbfbfa, #0f1012);
  color: light-dark(#1a1b1e, #ecedf0);
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center; word-break: keep-all; }
main { width: min(22rem, calc(100vw - 3rem)); }
h1 { margin: 0; font-size: 1.25rem; font-weight: 600; }
p { margin: 0.5rem 0 1.5rem; color: light-dark(#5c5e66, #a3a6b0); }
code { font-size: 0.9em; color: light-dark(#1a1b1e, #ecedf0); }
label { display: block; margin-bottom: 0.25rem; font-size: 0.875rem; }
input, button { box-sizing: border-box; width: 100%; padding: 0.5rem 0.75rem; font: inherit; border-radius: 5px; }
input { border: 1px solid light-dark(#8b8e98, #6c6e77); background: light-dark(#fff, #16171a); color: inherit; }
#wrong { margin: 0.5rem 0 0; color: light-dark(#b32733, #ff8087); font-size: 0.875rem; }
button { margin-top: 1rem; border: 0; background: light-dark(#4c56d3, #8c95ff); color: light-dark(#fff, #0f1012); cursor: pointer; }
:focus-visible { outline: 2px solid light-dark(#4c56d3, #8c95ff); outline-offset: 2px; }
`;
