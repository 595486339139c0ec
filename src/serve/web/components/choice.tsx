interface ChoiceProps<Option extends string> {
  readonly label: string;
  readonly options: readonly (readonly [option: Option, name: string])[];
  readonly chosen: Option;
  readonly onChoose: (option: Option) => void;
}

/** A few options side by side, one of which is chosen. */
export function Choice<Option extends string>(props: ChoiceProps<Option>) {
  const { label, options, chosen, onChoose } = props;
  return (
    <div class="choice" role="group" aria-label={label}>
      {options.map(([option, name]) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === chosen}
          onClick={() => onChoose(option)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
