/** The state of the chat: told to whoever listens at every change, and kept for a reload. */
import { Emitter } from "./emitter";
import { forget, remember } from "./memory";
import { type ChatState, IDLE } from "./state";

export class Journal extends Emitter<{ state: ChatState }> {
  state = IDLE;
  /** A session that has been left and may not know it yet. */
  left: string | null = null;
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
    const { state, left } = this;
    if (state.phase === "idle" && left === null) forget();
    else remember({ state, last: this.#place(), left });
  }
}
