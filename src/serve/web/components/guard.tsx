import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { usePage } from '../page.js';

/** An error while one panel is drawn leaves the others alone. */
export function Guard({ children }: { readonly children: ComponentChildren }) {
  const { shell } = usePage().words;
  const [error] = useErrorBoundary((reason: unknown) => console.error(reason)) as [
    unknown,
    unknown,
  ];
  return error === undefined ? <>{children}</> : <p class="panel empty">{shell.broken}</p>;
}
