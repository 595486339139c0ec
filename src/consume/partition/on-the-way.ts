/** Counts what a run has sent to the store and has no answer to yet, over all its members. */
export class OnTheWay {
  #slices = 0;

  get slices(): number {
    return this.#slices;
  }

  sent(): void {
    this.#slices += 1;
  }

  settled(): void {
    this.#slices -= 1;
  }
}
