/** A participant: one chat after the other, through reloads and dropped links. */
import { Call, type CallState, NO_CALL } from "./call/call";
import type { LocalMedia } from "./call/media";
import { Emitter } from "./emitter";
import { Refused } from "./errors";
import { freshIceServers } from "./ice";
import { Line, type ServerEvent } from "./line";
import { forget, recall, remember } from "./memory";
import { ownMessage, unsent, withDelivery, withoutHope, withTheirs } from "./messages";
import { onNetworkChange } from "./network";
import { Outbox } from "./outbox";
import type { Matched } from "./protocol.gen";
import { Presence } from "./presence";
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
  readonly #presence: Presence;
  #outbox: Outbox | null = null;
  #call: Call | null = null;
  #typingEnds: ReturnType<typeof setTimeout> | undefined;

  /** `url` is the server's origin; without one, the page's own. */
  constructor(media: LocalMedia, url = "") {
    super();
    this.#media = media;
    this.#url = url;
    this.#line = new Line(url);
    this.#presence = new Presence(this.#line);
    this.#presence.on("link", (link) => this.#set({ link }));
    this.#presence.on("event", (event) => this.#apply(event));
    this.#presence.on("joined", () => this.#call?.checkUp());
    this.#presence.on("lost", () => this.#end("lost"));
    onNetworkChange(() => this.#networkChanged());
  }

  /** Take up what a reload has interrupted; false if there is nothing. */
  resume(): boolean {
    const saved = recall();
    const sessionId = saved?.state.sessionId;
    if (!sessionId) return false;
    const { phase, messages, matched } = saved.state;
    this.#set({ ...saved.state, link: "connecting", strangerTypes: false }, saved.last);
    if (phase === "ended") return true;
    this.#presence.resume(sessionId, saved.last);
    this.#openOutbox(sessionId);
    for (const message of unsent(messages)) void this.#post(message);
    if (matched?.chat_type === "video") this.#openCall(matched, true);
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
        ready: () => this.#presence.up.passed(),
        ask: () => this.#line.ask("start", request(wish)),
        isWanted: isCurrent,
      });
      if (!isCurrent()) return void this.#tellLeft(session_id);
      this.#set({ sessionId: session_id, phase: "waiting", link: "up" });
      this.#openOutbox(session_id);
      this.#presence.begin(session_id);
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
    this.#presence.takeBack();
  }

  /** Try again to connect picture and sound. */
  retryCall(): void {
    this.#call?.retry();
  }

  #networkChanged(): void {
    if (this.state.phase === "idle" || this.state.phase === "ended") return;
    this.#line.reopen();
    this.#call?.checkUp();
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
      ready: () => this.#presence.up.passed(),
      ask: () => this.#line.ask("leave_session", { session_id }),
      isWanted: () => true,
    }).catch(() => {
      // Unknown or over: then it has been left.
    });
    if (this.state.phase === "idle") this.#line.close();
  }

  #openOutbox(sessionId: string): void {
    this.#outbox = new Outbox(this.#line, this.#presence.joined, sessionId);
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
    this.#presence.release();
  }

  #set(change: Partial<ChatState>, last = this.#presence.last): void {
    this.state = { ...this.state, ...change };
    this.#save(last);
    this.emit("state", this.state);
  }

  #save(last = this.#presence.last): void {
    if (this.state.sessionId) remember({ state: this.state, last });
  }
}

const request = ({ chatType, interests, language }: Wish) => ({
  chat_type: chatType,
  interests,
  language,
});

const codeOf = (error: unknown): string => (error instanceof Refused ? error.code : "unavailable");
