/** Keeps the socket the way out of one session: joins again after every drop, and catches up. */
import { Emitter } from "./emitter";
import { Gate } from "./gate";
import { Inbox } from "./inbox";
import type { Line, ServerEvent } from "./line";
import { untilAnswered } from "./retry";
import type { ChatState } from "./state";

interface PresenceEvents {
  link: ChatState["link"];
  /** Each of the session's events, once and in order. */
  event: ServerEvent;
  /** The socket is the way out again. */
  joined: void;
  /** Some of what has happened is not kept any more; what follows goes on after it. */
  gap: void;
  /** The server does not know the session any more, or has ended it without a word. */
  lost: void;
}

export class Presence extends Emitter<PresenceEvents> {
  /** Open while there is a connection to the server. */
  readonly up = new Gate();
  /** Open while the socket is the way out of the session. */
  readonly joined = new Gate();
  readonly #line: Line;
  #sessionId: string | null = null;
  #inbox = new Inbox<ServerEvent>();
  /** Events that came before the acknowledgement that names their session. */
  #unclaimed: ServerEvent[] = [];
  #isElsewhere = false;
  #isJoining = false;

  constructor(line: Line) {
    super();
    this.#line = line;
    line.on("up", () => this.#lineUp());
    line.on("down", () => this.#lineDown());
    line.on("event", (event) => this.#hear(event));
  }

  /** The number of the last event that was handed on. */
  get last(): number {
    return this.#inbox.last;
  }

  /** Take on a session that this socket has just started. */
  begin(sessionId: string): void {
    this.#hold(sessionId, 0);
    this.joined.open();
    const events = this.#unclaimed;
    this.#unclaimed = [];
    for (const event of events) this.#hear(event);
  }

  /** Take on a session again of which everything up to `last` is known. */
  resume(sessionId: string, last: number): void {
    this.#hold(sessionId, last);
    if (this.#line.isUp) void this.#join();
    else this.#line.open();
  }

  /** Let go of the session; what comes for it is not for anybody any more. */
  release(): void {
    this.#sessionId = null;
    this.#unclaimed = [];
    this.joined.shut();
  }

  /** Take the session back from another tab. */
  takeBack(): void {
    this.#isElsewhere = false;
    this.emit("link", "connecting");
    void this.#join();
  }

  #hold(sessionId: string, last: number): void {
    this.#sessionId = sessionId;
    this.#inbox = new Inbox(last);
    this.#isElsewhere = false;
  }

  #lineUp(): void {
    this.up.open();
    if (this.#isElsewhere) return;
    if (this.#sessionId) void this.#join();
    else this.emit("link", "up");
  }

  #lineDown(): void {
    this.up.shut();
    this.joined.shut();
    if (!this.#isElsewhere) this.emit("link", "down");
  }

  async #join(): Promise<void> {
    const session_id = this.#sessionId;
    if (!session_id || this.#isJoining) return;
    this.#isJoining = true;
    const isWanted = (): boolean => this.#sessionId === session_id;
    try {
      const joined = await untilAnswered({
        ready: () => this.up.passed(),
        ask: () => this.#line.ask("join_session", { session_id, after: this.last }),
        isWanted,
      });
      if (!isWanted()) return;
      this.emit("link", "up");
      if (joined.gap) {
        this.#inbox.skip(joined.last_seq);
        this.emit("gap", undefined);
      }
      if (joined.status === "ended" && joined.last_seq <= this.last) {
        return this.emit("lost", undefined);
      }
      this.joined.open();
      this.emit("joined", undefined);
    } catch {
      if (isWanted()) this.emit("lost", undefined);
    } finally {
      this.#isJoining = false;
    }
  }

  #hear(event: ServerEvent): void {
    const { data } = event;
    if (!("session_id" in data)) return; // about a person, whatever the session: see standing.ts
    if (this.#sessionId === null) this.#unclaimed.push(event);
    if (data.session_id !== this.#sessionId) return;
    if (!("seq" in data)) return this.#handOn(event);
    for (const next of this.#inbox.accept(data.seq, event)) this.#handOn(next);
    if (this.#inbox.hasHole) void this.#join();
  }

  #handOn(event: ServerEvent): void {
    if (event.name === "session_taken_over") {
      this.#isElsewhere = true;
      this.joined.shut();
      this.emit("link", "elsewhere");
    } else {
      this.emit("event", event);
    }
  }
}
