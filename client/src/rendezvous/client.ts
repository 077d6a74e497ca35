/** A participant: one chat after the other, through reloads and dropped links. */
import { Call, type CallState, NO_CALL } from "./call/call";
import type { LocalMedia } from "./call/media";
import { Emitter } from "./emitter";
import { Refused } from "./errors";
import { Gate } from "./gate";
import { freshIceServers } from "./ice";
import { Inbox } from "./inbox";
import { Line, type ServerEvent } from "./line";
import { forget, recall, remember } from "./memory";
import { ownMessage, unsent, withDelivery, withoutHope, withTheirs } from "./messages";
import { onNetworkChange } from "./network";
import { Outbox } from "./outbox";
import type { Matched } from "./protocol.gen";
import { untilAnswered } from "./retry";
import { type ChatMessage, type ChatState, type Ending, IDLE, type Wish } from "./state";
import { TYPING_LASTS } from "./typing";

interface ClientEvents {
  state: ChatState;
  call: CallState;
  matched: Matched;
  /** The stranger wrote just now. */
  message: ChatMessage;
}

export class Rendezvous extends Emitter<ClientEvents> {
  state = IDLE;
  readonly #media: LocalMedia;
  readonly #url: string;
  readonly #line: Line;
  readonly #up = new Gate();
  /** Open while the socket is the way out of the present session. */
  readonly #joined = new Gate();
  #inbox = new Inbox<ServerEvent>();
  /** Events that came before the acknowledgement that names their session. */
  #unclaimed: ServerEvent[] = [];
  #outbox: Outbox | null = null;
  #call: Call | null = null;
  #isJoining = false;
  #typingEnds: ReturnType<typeof setTimeout> | undefined;

  /** `url` is the server's origin; without one, the page's own. */
  constructor(media: LocalMedia, url = "") {
    super();
    this.#media = media;
    this.#url = url;
    this.#line = new Line(url);
    this.#line.on("up", () => this.#lineUp());
    this.#line.on("down", () => this.#lineDown());
    this.#line.on("event", (event) => this.#hear(event));
    onNetworkChange(() => this.#networkChanged());
  }

  /** Take up what a reload has interrupted; false if there is nothing. */
  resume(): boolean {
    const saved = recall();
    if (!saved?.state.sessionId) return false;
    this.#inbox = new Inbox(saved.last);
    this.#set({ ...saved.state, link: "connecting", strangerTypes: false });
    if (saved.state.phase === "ended") return true;
    this.#outbox = new Outbox(this.#line, this.#joined, saved.state.sessionId);
    for (const message of unsent(saved.state.messages)) void this.#post(message);
    if (saved.state.matched?.chat_type === "video") this.#openCall(saved.state.matched, true);
    this.#line.open();
    return true;
  }

  /** Look for a stranger; in a chat, leave it first. */
  async start(wish: Wish): Promise<void> {
    const { phase, sessionId } = this.state;
    // On this socket `start` says it too, but a dropped link comes back with another one.
    if (sessionId && phase !== "ended") void this.#tellLeft(sessionId);
    this.#cleanUp();
    const mine = { ...IDLE, phase: "starting", wish, since: Date.now() } as const;
    this.#set({ ...mine, link: this.#line.isUp ? "up" : "connecting" });
    const { since } = mine;
    const isCurrent = (): boolean => this.state.since === since && this.state.phase === "starting";
    this.#line.open();
    try {
      const { session_id } = await untilAnswered({
        ready: () => this.#up.passed(),
        ask: () => this.#line.ask("start", request(wish)),
        isWanted: isCurrent,
      });
      if (isCurrent()) this.#started(session_id);
      else void this.#tellLeft(session_id);
    } catch (error) {
      if (isCurrent()) this.#set({ ...IDLE, wish, refusal: codeOf(error) });
    }
  }

  /** Leave the chat; it stays to be read until `start` or `dismiss`. */
  leave(): void {
    if (this.state.phase === "chatting") return this.#end("you");
    this.dismiss();
  }

  /** Back to the beginning: nothing is kept. */
  dismiss(): void {
    if (this.state.phase !== "ended" && this.state.sessionId) void this.#tellLeft(this.state.sessionId);
    this.#cleanUp();
    forget();
    this.#set({ ...IDLE, wish: this.state.wish });
  }

  /** Send a message; it appears in the state at once and is delivered once, whatever happens. */
  send(text: string): void {
    const message = ownMessage(text);
    this.#set({ messages: [...this.state.messages, message] });
    void this.#post(message);
  }

  /** A key was pressed in the text box (`true`), or the box was emptied. */
  types(isTyping: boolean): void {
    if (isTyping) this.#outbox?.typing.key();
    else this.#outbox?.typing.stop();
  }

  /** Take the session back from another tab. */
  takeBack(): void {
    this.#set({ link: "connecting" });
    void this.#join();
  }

  /** Try again to connect picture and sound. */
  retryCall(): void {
    this.#call?.retry();
  }

  #started(sessionId: string): void {
    this.#inbox = new Inbox();
    this.#outbox = new Outbox(this.#line, this.#joined, sessionId);
    this.#set({ sessionId, phase: "waiting", link: "up" });
    this.#joined.open();
    const events = this.#unclaimed;
    this.#unclaimed = [];
    for (const event of events) this.#hear(event);
  }

  #lineUp(): void {
    this.#up.open();
    if (this.state.sessionId && this.state.link !== "elsewhere") void this.#join();
    else this.#set({ link: "up" });
  }

  #lineDown(): void {
    this.#up.shut();
    this.#joined.shut();
    if (this.state.link === "up") this.#set({ link: "down" });
  }

  #networkChanged(): void {
    if (this.state.phase === "idle" || this.state.phase === "ended") return;
    this.#line.reopen();
    this.#call?.checkUp();
  }

  /** Make this socket the session's way out, and catch up. */
  async #join(): Promise<void> {
    const { sessionId, phase } = this.state;
    if (!sessionId || phase === "ended" || this.#isJoining) return;
    this.#isJoining = true;
    try {
      const isCurrent = (): boolean => this.state.sessionId === sessionId;
      const joined = await untilAnswered({
        ready: () => this.#up.passed(),
        ask: () =>
          this.#line.ask("join_session", { session_id: sessionId, after: this.#inbox.last }),
        isWanted: isCurrent,
      });
      if (!isCurrent()) return;
      this.#set({ link: "up" });
      if (joined.gap) this.#inbox.skipHole().forEach((event) => this.#apply(event));
      if (joined.status === "ended" && joined.last_seq <= this.#inbox.last) this.#end("lost");
      this.#joined.open();
      this.#call?.checkUp();
    } catch {
      if (this.state.sessionId === sessionId) this.#end("lost");
    } finally {
      this.#isJoining = false;
    }
  }

  #hear(event: ServerEvent): void {
    const { data } = event;
    if (data.session_id !== this.state.sessionId) {
      if (this.state.phase === "starting") this.#unclaimed.push(event);
      return;
    }
    if (!("seq" in data)) return this.#apply(event);
    for (const next of this.#inbox.accept(data.seq, event)) this.#apply(next);
    if (this.#inbox.hasHole) void this.#join();
  }

  #apply({ name, data }: ServerEvent): void {
    if (this.state.phase === "ended") return;
    switch (name) {
      case "matched":
        this.#set({ matched: data, phase: "chatting" });
        this.emit("matched", data);
        if (data.chat_type === "video") this.#openCall(data, data.is_initiator);
        break;
      case "new_message":
        this.#setTyping(false);
        this.#set({ messages: withTheirs(this.state.messages, data.message) });
        this.emit("message", this.state.messages.at(-1) as ChatMessage);
        break;
      case "webrtc_signal":
        this.#call?.receive(data.signal);
        this.#save();
        break;
      case "partner_typing":
        this.#setTyping(data.is_typing);
        break;
      case "partner_reconnecting":
      case "partner_reconnected":
        this.#set({ strangerIsAway: name === "partner_reconnecting" });
        break;
      case "partner_disconnected":
      case "session_ended":
        this.#end(data.reason);
        break;
      case "session_taken_over":
        this.#joined.shut();
        this.#set({ link: "elsewhere" });
    }
  }

  async #post(message: ChatMessage): Promise<void> {
    const outbox = this.#outbox;
    const delivery = (await outbox?.message(message)) ?? "refused";
    if (outbox !== this.#outbox) return;
    this.#set({ messages: withDelivery(this.state.messages, message.id, delivery) });
  }

  async #tellLeft(session_id: string): Promise<void> {
    await untilAnswered({
      ready: () => this.#up.passed(),
      ask: () => this.#line.ask("leave_session", { session_id }),
      isWanted: () => true,
    }).catch(() => {
      // Unknown or over: then it has been left.
    });
    if (this.state.phase === "idle") this.#line.close();
  }

  #openCall(matched: Matched, offers: boolean): void {
    const { session_id } = matched;
    this.#call?.close();
    this.#call = new Call(
      {
        matched,
        media: this.#media,
        send: (signal) => this.#outbox?.signal(signal),
        refresh: () => freshIceServers(this.#url, session_id),
      },
      offers,
    );
    this.emit("call", this.#call.state);
    this.#call.on("state", (state) => this.emit("call", state));
  }

  #closeCall(): void {
    this.#call?.close();
    this.#call = null;
    this.emit("call", NO_CALL);
  }

  #setTyping(strangerTypes: boolean): void {
    clearTimeout(this.#typingEnds);
    if (strangerTypes) this.#typingEnds = setTimeout(() => this.#setTyping(false), TYPING_LASTS);
    if (strangerTypes !== this.state.strangerTypes) this.#set({ strangerTypes });
  }

  #end(ending: Ending): void {
    if (ending === "you" && this.state.sessionId) void this.#tellLeft(this.state.sessionId);
    this.#cleanUp();
    const messages = withoutHope(this.state.messages);
    this.#set({ phase: "ended", ending, messages, strangerTypes: false, strangerIsAway: false });
  }

  #cleanUp(): void {
    this.#closeCall();
    this.#outbox?.close();
    this.#outbox = null;
    clearTimeout(this.#typingEnds);
    this.#joined.shut();
    this.#unclaimed = [];
  }

  #set(change: Partial<ChatState>): void {
    this.state = { ...this.state, ...change };
    this.#save();
    this.emit("state", this.state);
  }

  #save(): void {
    if (this.state.sessionId) remember({ state: this.state, last: this.#inbox.last });
  }
}

const request = ({ chatType, interests, language }: Wish) => ({
  chat_type: chatType,
  interests,
  language,
});

const codeOf = (error: unknown): string => (error instanceof Refused ? error.code : "unavailable");
