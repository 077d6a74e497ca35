/** The way out of one session: everything arrives once, whatever happens to the line. */
import { mayPass, Refused } from "./errors";
import type { Gate } from "./gate";
import type { Line } from "./line";
import { type Held, untilAnswered } from "./retry";
import type { ChatMessage } from "./state";
import { TypingTeller } from "./typing";

const isRefusal = (error: unknown, code: string): boolean =>
  error instanceof Refused && error.code === code;
const again = (error: unknown): boolean => mayPass(error) || isRefusal(error, "inbox_full");

export class Outbox {
  readonly #line: Line;
  readonly #joined: Gate;
  readonly #session_id: string;
  readonly #held: Held;
  readonly typing = new TypingTeller((isTyping) => this.#tellTyping(isTyping));
  #isClosed = false;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * `joined` is open while the socket is the way out of the session; `held` is told when the server
   * lets a message wait.
   */
  constructor(line: Line, joined: Gate, sessionId: string, held: Held) {
    this.#line = line;
    this.#joined = joined;
    this.#session_id = sessionId;
    this.#held = held;
  }

  /** Deliver a message after those before it, so that a retry lets none overtake another. */
  async message({ text, id }: ChatMessage): Promise<ChatMessage["delivery"]> {
    this.typing.stop();
    const request = { session_id: this.#session_id, message: text, client_id: id };
    const ask = () => this.#line.ask("send_message", request);
    const turn = this.#last.then(() => this.#until(ask, this.#held));
    this.#last = turn.catch(() => null);
    return turn.then(
      (answer) => (answer.warning ? "noticed" : "sent"),
      (error) => (isRefusal(error, "text_refused") ? "unwelcome" : "refused"),
    );
  }

  signal(signal: object): void {
    const request = { session_id: this.#session_id, signal };
    this.#until(() => this.#line.ask("webrtc_signal", request)).catch((error) => {
      if (!this.#isClosed) console.warn("A signal was refused:", error);
    });
  }

  /** The chat is over: what is still here has nobody to go to. */
  close(): void {
    this.#isClosed = true;
    this.typing.forget();
  }

  #until<Answer>(ask: () => Promise<Answer>, held?: Held): Promise<Answer> {
    const ready = (): Promise<void> => this.#joined.passed();
    return untilAnswered({ ready, ask, isWanted: () => !this.#isClosed, again, ...(held && { held }) });
  }

  #tellTyping(is_typing: boolean): void {
    if (!this.#joined.isOpen) return;
    this.#line.ask("typing", { session_id: this.#session_id, is_typing }).catch(() => {
      // It is not kept either: the next key tells it again.
    });
  }
}
