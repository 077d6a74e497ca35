/** Going on by video in a text chat: one asks, the other answers, and both have to want it. */
import { Refused } from "./errors";
import type { Journal } from "./journal";
import type { Line, ServerEvent } from "./line";
import { OPEN, type Upgrade } from "./state";

export class UpgradeTalk {
  readonly #line: Line;
  readonly #journal: Journal;
  readonly #session_id: string;
  #lapse: ReturnType<typeof setTimeout> | undefined;

  constructor(line: Line, journal: Journal, sessionId: string) {
    this.#line = line;
    this.#journal = journal;
    this.#session_id = sessionId;
    // A reload has left it as it was, but nobody watches the time any more.
    const { stands, until } = journal.state.upgrade;
    if (stands !== "open") this.#set(stands, until - Date.now());
  }

  /** Ask, or agree if the stranger has asked. */
  async request(): Promise<void> {
    await this.#try(async () => {
      const answer = await this.#line.ask("upgrade_request", { session_id: this.#session_id });
      if (answer.chat_type === "text") this.#set("asked", 1_000 * (answer.retry_after ?? 0));
    });
  }

  /** Say yes or no to the stranger. */
  async answer(accept: boolean): Promise<void> {
    await this.#try(async () => {
      await this.#line.ask("upgrade_answer", { session_id: this.#session_id, accept });
      if (!accept) this.#reset();
    });
  }

  hear({ name, data }: ServerEvent): void {
    if (name === "upgrade_requested") this.#set("invited", 1_000 * data.ttl);
    if (name === "upgrade_declined") this.#set("declined", 1_000 * data.retry_after);
    if (name === "upgraded") this.#reset();
  }

  close(): void {
    clearTimeout(this.#lapse);
  }

  async #try(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      // Without an answer it stands as it did, and one can press again.
      if (!(error instanceof Refused)) return;
      if (error.code === "already_asked") this.#set("asked", error.retryAfter);
      if (error.code === "nothing_asked") this.#reset();
    }
  }

  #set(stands: Upgrade["stands"], lasts: number): void {
    clearTimeout(this.#lapse);
    this.#lapse = setTimeout(() => this.#reset(), lasts);
    this.#journal.set({ upgrade: { stands, until: Date.now() + lasts } });
  }

  #reset(): void {
    clearTimeout(this.#lapse);
    this.#journal.set({ upgrade: OPEN });
  }
}
