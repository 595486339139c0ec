/** What a colour says; neutral says nothing. */
export type Tone = 'good' | 'caution' | 'bad' | 'neutral';
