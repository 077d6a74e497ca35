/** Going on by video in a text chat: one asks, the other answers, and both have to want it. */
import { Refused } from "./errors";
import type { Gate } from "./gate";
import type { Journal } from "./journal";
import type { Line, ServerEvent } from "./line";
import { untilAnswered } from "./retry";
import { OPEN, type Upgrade } from "./state";

export class UpgradeTalk {
  readonly #line: Line;
  readonly #joined: Gate;
  readonly #journal: Journal;
  readonly #session_id: string;
  /** What is being said, told from what was said before. */
  #word: object | null = null;
  #lapse: ReturnType<typeof setTimeout> | undefined;

  /** `joined` is open while the socket is the way out of the session. */
  constructor(line: Line, joined: Gate, journal: Journal, sessionId: string) {
    this.#line = line;
    this.#joined = joined;
    this.#journal = journal;
    this.#session_id = sessionId;
    // A reload has left it as it was, but nobody watches the time any more.
    const { stands, until } = journal.state.upgrade;
    if (stands !== "open") this.#set(stands, until - Date.now());
  }

  /** Ask, or agree if the stranger has asked. */
  async request(): Promise<void> {
    const answer = await this.#say(() =>
      this.#line.ask("upgrade_request", { session_id: this.#session_id }),
    );
    if (answer?.chat_type === "text") this.#set("asked", 1_000 * (answer.retry_after ?? 0));
  }

  /** Say yes or no to the stranger. */
  async answer(accept: boolean): Promise<void> {
    const answer = await this.#say(() =>
      this.#line.ask("upgrade_answer", { session_id: this.#session_id, accept }),
    );
    if (answer && !accept) this.#reset();
  }

  hear({ name, data }: ServerEvent): void {
    if (name === "upgrade_requested") this.#set("invited", 1_000 * data.ttl);
    if (name === "upgrade_declined") this.#set("declined", 1_000 * data.retry_after);
    if (name === "upgraded") this.#reset();
  }

  close(): void {
    this.#word = null;
    clearTimeout(this.#lapse);
  }

  /** Ask until there is an answer, or something else is said; null if it was refused. */
  async #say<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
    const word = (this.#word = {});
    const isWanted = (): boolean => this.#word === word;
    try {
      const answer = await untilAnswered({ ready: () => this.#joined.passed(), ask, isWanted });
      return isWanted() ? answer : null;
    } catch (error) {
      if (isWanted() && error instanceof Refused) this.#refused(error);
      return null;
    }
  }

  #refused({ code, retryAfter }: Refused): void {
    if (code === "already_asked") this.#set("asked", retryAfter);
    if (code === "nothing_asked") this.#reset();
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
