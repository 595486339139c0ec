import type { ComponentChildren } from 'preact';

interface FactsProps {
  /** A fact without a value is left out. */
  readonly facts: readonly (readonly [name: string, value: ComponentChildren])[];
  /** What comes from records: it may be long, and of any script. */
  readonly isForeign?: boolean;
}

/** Names and values below each other. */
export function Facts({ facts, isForeign = false }: FactsProps) {
  return (
    <dl class="facts">
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd class={isForeign ? 'foreign' : undefined}>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
