/** One chat: what is said and heard in one session, until it is over. */
import { Call, type CallState, NO_CALL } from "./call/call";
import type { LocalMedia } from "./call/media";
import { Emitter } from "./emitter";
import { freshIceServers } from "./ice";
import type { Journal } from "./journal";
import type { Line, ServerEvent } from "./line";
import { ownMessage, withDelivery, withTheirs } from "./messages";
import { Outbox } from "./outbox";
import type { DiscussionStarted, Matched, NewMessage, Upgraded } from "./protocol.gen";
import type { Presence } from "./presence";
import type { ChatMessage, Discussion, Ending } from "./state";
import { TYPING_LASTS } from "./typing";
import { UpgradeTalk } from "./upgrade";

export interface ChatEvents {
  call: CallState;
  matched: Matched;
  /** Two discuss one's question. */
  watching: DiscussionStarted;
  /** Both want to go on by video. */
  upgraded: Upgraded;
  /** The stranger wrote just now. */
  message: ChatMessage;
  over: Ending;
}

/** What all chats of one client have in common. */
export interface Means {
  journal: Journal;
  line: Line;
  presence: Presence;
  media: LocalMedia;
  /** The server's origin; "" for the page's own. */
  url: string;
}

export class Chat extends Emitter<ChatEvents> {
  readonly #means: Means;
  readonly #outbox: Outbox;
  /** Whether to go on by video. */
  readonly upgrade: UpgradeTalk;
  #call: Call | null = null;
  #isClosed = false;
  #typingEnds: ReturnType<typeof setTimeout> | undefined;

  constructor(means: Means, sessionId: string) {
    super();
    this.#means = means;
    const { line, presence, journal } = means;
    this.upgrade = new UpgradeTalk(line, presence.joined, journal, sessionId);
    this.#outbox = new Outbox(line, presence.joined, sessionId, (hold) => journal.set({ hold }));
  }

  /** Something has happened. */
  hear(event: ServerEvent): void {
    const { name, data } = event;
    const { journal } = this.#means;
    this.upgrade.hear(event);
    switch (name) {
      case "waiting":
        if (journal.state.phase === "waiting") journal.set({ prospect: data });
        break;
      case "matched":
        journal.set({
          matched: data,
          phase: "chatting",
          prospect: null,
          discussion: discussionOf(data),
        });
        this.emit("matched", data);
        if (data.chat_type === "video") this.openCall(data, data.is_initiator);
        break;
      case "discussion_started":
        journal.set({
          phase: "chatting",
          prospect: null,
          discussion: { question: data.question, asker: "you" },
        });
        this.emit("watching", data);
        break;
      case "unwatched":
        journal.set({ discussion: goneFrom(journal.state.discussion) });
        break;
      case "new_message":
        this.#heard(data);
        break;
      case "upgraded":
        this.#upgraded(data);
        break;
      case "webrtc_signal":
        this.#call?.receive(data.signal);
        journal.save();
        break;
      case "partner_typing":
        this.#setTyping(data.is_typing);
        break;
      case "partner_reconnecting":
      case "partner_reconnected":
        journal.set({ strangerIsAway: name === "partner_reconnecting" });
        break;
      case "partner_disconnected":
        journal.set({ leaver: data.stranger ?? null });
        this.emit("over", data.reason);
        break;
      case "session_ended":
        this.emit("over", data.reason);
    }
  }

  /** Send a message; it appears in the state at once. */
  say(text: string): void {
    const { journal } = this.#means;
    const message = ownMessage(text);
    journal.set({ messages: [...journal.state.messages, message] });
    void this.post(message);
  }

  /** Deliver a message that is in the state. */
  async post(message: ChatMessage): Promise<void> {
    const delivery = await this.#outbox.message(message);
    if (this.#isClosed) return;
    const { journal } = this.#means;
    journal.set({ messages: withDelivery(journal.state.messages, message.id, delivery) });
  }

  /** A key was pressed in the text box (`true`), or the box was emptied. */
  types(isTyping: boolean): void {
    if (isTyping) this.#outbox.typing.key();
    else this.#outbox.typing.stop();
  }

  /** Call the stranger; `offers` makes the first offer. */
  openCall(matched: Matched, offers: boolean): void {
    const { media, url } = this.#means;
    this.#call?.close();
    const call = new Call(
      {
        matched,
        media,
        send: (signal) => this.#outbox.signal(signal),
        refresh: () => freshIceServers(url, matched.session_id),
      },
      offers,
    );
    this.#call = call;
    this.emit("call", call.state);
    call.on("state", (state) => this.emit("call", state));
  }

  /** The link or the network changed: see whether the call still works. */
  checkCall(): void {
    this.#call?.checkUp();
  }

  /** Try again to connect picture and sound. */
  retryCall(): void {
    this.#call?.retry();
  }

  /** It is over: what is still here has nobody to go to. */
  close(): void {
    this.#isClosed = true;
    this.#call?.close();
    this.#call = null;
    this.emit("call", NO_CALL);
    this.#outbox.close();
    this.upgrade.close();
    clearTimeout(this.#typingEnds);
  }

  #heard(message: NewMessage): void {
    this.#setTyping(false);
    const { journal } = this.#means;
    const messages = withTheirs(journal.state.messages, message);
    if (messages === journal.state.messages) return;
    journal.set({ messages });
    this.emit("message", messages.at(-1) as ChatMessage);
  }

  #upgraded(upgraded: Upgraded): void {
    const { journal } = this.#means;
    const { seq: _, ...now } = upgraded;
    const matched = { ...(journal.state.matched as Matched), ...now };
    journal.set({ matched });
    this.emit("upgraded", upgraded);
    this.openCall(matched, matched.is_initiator);
  }

  #setTyping(strangerTypes: boolean): void {
    const { journal } = this.#means;
    clearTimeout(this.#typingEnds);
    if (strangerTypes) this.#typingEnds = setTimeout(() => this.#setTyping(false), TYPING_LASTS);
    if (strangerTypes !== journal.state.strangerTypes) journal.set({ strangerTypes });
  }
}

const discussionOf = ({ question }: Matched): Discussion | null =>
  question ? { question, asker: "there" } : null;

const goneFrom = (discussion: Discussion | null): Discussion | null =>
  discussion && { ...discussion, asker: "gone" };
