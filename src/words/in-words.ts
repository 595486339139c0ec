/** What a pure layer gives: a code, with the data that its words are made of. */
interface Coded {
  readonly code: string;
}

/** The words of a union: one function for each code, so that the compiler finds a missing one. */
export type Words<T extends Coded, Text = string> = {
  readonly [Code in T['code']]: (coded: T & { readonly code: Code }) => Text;
};

export function inWords<T extends Coded, Text>(words: Words<T, Text>, coded: T): Text {
  // The compiler can't see that the key and the argument have the same code.
  const text = words[coded.code as T['code']];
  return text(coded);
}
