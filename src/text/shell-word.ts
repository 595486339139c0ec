/** A word as a POSIX shell reads it back, whatever is in it: commands that are shown get pasted. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
