/** What a failure means, by its code; '': only the server has words for it. */
type Meaning = (code: string) => string;

/** The server's own words are English. */
const meaning: Meaning = () => '';

export const failures = { meaning };
