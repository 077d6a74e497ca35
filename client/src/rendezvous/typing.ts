/** Typing, told seldom. */

const REPEAT = 3_000;
const PAUSE = 4_000;

/** How long the stranger is taken to type after they last said so, milliseconds. */
export const TYPING_LASTS = REPEAT + PAUSE;

/** Tells `tell` that one types, at most every three seconds, and once that one stopped. */
export class TypingTeller {
  readonly #tell: (isTyping: boolean) => void;
  #told = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (isTyping: boolean) => void) {
    this.#tell = tell;
  }

  /** A key was pressed. */
  key(): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.stop(), PAUSE);
    if (Date.now() - this.#told < REPEAT) return;
    this.#told = Date.now();
    this.#tell(true);
  }

  /** The message was sent, emptied or left alone. */
  stop(): void {
    const told = this.#told;
    this.forget();
    if (told) this.#tell(false);
  }

  /** The chat is over: there is nobody to tell. */
  forget(): void {
    clearTimeout(this.#pause);
    this.#told = 0;
  }
}
