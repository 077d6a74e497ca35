/** Meeting again: both have to wish it, and that may be known only after the chat is over. */
import { Emitter } from "./emitter";
import { mayPass } from "./errors";
import type { Gate } from "./gate";
import type { Line } from "./line";
import type { MeetAgain } from "./protocol.gen";
import { untilAnswered } from "./retry";
import type { ChatType } from "./state";

/** What brings two together again who have both wished it. */
export interface Meeting {
  token: string;
  chatType: ChatType;
  /** Milliseconds since 1970. */
  expires: number;
}

interface MeetingsEvents {
  /** Both wish to meet again who were in this session. */
  agreed: { sessionId: string; meeting: Meeting };
  /** The chat is forgotten already. */
  late: string;
}

export class Meetings extends Emitter<MeetingsEvents> {
  readonly #line: Line;
  readonly #up: Gate;
  /** The places in the inboxes of those who may still wish it. */
  readonly #wishes = new Map<string, number>();

  constructor(line: Line, up: Gate) {
    super();
    this.#line = line;
    this.#up = up;
    line.on("up", () => this.#wishAgain());
    line.on("event", ({ name, data }) => {
      if (name === "meet_again") this.#hear(data);
    });
  }

  /** Wish to meet the stranger of a session again, of which everything up to `last` is known. */
  wish(sessionId: string, last: number): void {
    this.#wishes.set(sessionId, last);
    void this.#ask(sessionId).catch(() => this.#isLate(sessionId));
    this.#line.open();
  }

  /** On another connection: it is the one to be told, and what was told meanwhile is in the inbox. */
  #wishAgain(): void {
    for (const [session_id, after] of this.#wishes) {
      this.#ask(session_id)
        .then(() => this.#line.ask("join_session", { session_id, after }))
        .catch((error) => mayPass(error) || this.#isLate(session_id));
    }
  }

  #ask(session_id: string): Promise<unknown> {
    return untilAnswered({
      ready: () => this.#up.passed(),
      ask: () => this.#line.ask("meet_again", { session_id }),
      isWanted: () => this.#wishes.has(session_id),
    });
  }

  #hear({ session_id, token, chat_type, expires }: MeetAgain): void {
    this.#wishes.delete(session_id);
    const meeting = { token, chatType: chat_type, expires: Date.parse(expires) };
    this.emit("agreed", { sessionId: session_id, meeting });
  }

  #isLate(sessionId: string): void {
    if (this.#wishes.delete(sessionId)) this.emit("late", sessionId);
  }
}
