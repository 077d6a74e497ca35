/** The state of the chat: told to whoever listens at every change, and kept for a reload. */
import { Emitter } from "./emitter";
import { forget, type Parting, remember } from "./memory";
import { type ChatState, IDLE } from "./state";

export class Journal extends Emitter<{ state: ChatState }> {
  state = IDLE;
  /** What the server may not know yet of a session that has been left. */
  parting: Parting | null = null;
  readonly #place: () => number;

  /** `place` tells how much of the inbox is in the state. */
  constructor(place: () => number) {
    super();
    this.#place = place;
  }

  set(change: Partial<ChatState>): void {
    this.state = { ...this.state, ...change };
    this.save();
    this.emit("state", this.state);
  }

  save(): void {
    const { state, parting } = this;
    if (state.phase === "idle" && parting === null) forget();
    else remember({ state, last: this.#place(), parting });
  }
}
