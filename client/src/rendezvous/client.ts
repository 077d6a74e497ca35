/** A participant: one chat after the other, through reloads and dropped links. */
import type { LocalMedia } from "./call/media";
import { Chat, type ChatEvents, type Means } from "./chat";
import { Emitter } from "./emitter";
import { Refused } from "./errors";
import { Journal } from "./journal";
import { Line } from "./line";
import { type Meeting, Meetings } from "./meetings";
import { type Parting, recall } from "./memory";
import { unsent, withoutHope } from "./messages";
import { onNetworkChange } from "./network";
import { Presence } from "./presence";
import { withProof } from "./proof";
import { fileReport, type Report } from "./report";
import { untilAnswered } from "./retry";
import { Standing } from "./standing";
import { type ChatState, type Ending, IDLE, type Wish } from "./state";

interface ClientEvents extends Omit<ChatEvents, "over"> {
  state: ChatState;
  /** Both wish to meet again; `start` with its token brings them together. It may be told twice. */
  meeting: Meeting;
}

export class Rendezvous extends Emitter<ClientEvents> {
  /** Warnings and bans. */
  readonly standing: Standing;
  readonly #line: Line;
  readonly #presence: Presence;
  readonly #journal: Journal;
  readonly #meetings: Meetings;
  readonly #means: Means;
  #chat: Chat | null = null;
  /** The search that is going on, told from those before it. */
  #search: object | null = null;

  /** `url` is the server's origin; without one, the page's own. */
  constructor(media: LocalMedia, url = "") {
    super();
    const line = (this.#line = new Line(url));
    const presence = (this.#presence = new Presence(line));
    const journal = (this.#journal = new Journal(() => presence.last));
    this.#means = { line, presence, journal, media, url };
    journal.on("state", (state) => this.emit("state", state));
    presence.on("link", (link) => journal.set({ link }));
    presence.on("event", (event) => this.#chat?.hear(event));
    presence.on("joined", () => this.#chat?.checkCall());
    presence.on("gap", () => journal.set({ gap: this.state.messages.length }));
    presence.on("lost", () => this.#over("lost"));
    this.#meetings = new Meetings(line, presence.up);
    this.#meetings.on("agreed", ({ sessionId, meeting }) => {
      this.#setAgain(sessionId, "agreed");
      this.emit("meeting", meeting);
    });
    this.#meetings.on("late", (sessionId) => this.#setAgain(sessionId, "late"));
    this.standing = new Standing(line, url);
    line.on("banned", () => this.#turnedAway());
    onNetworkChange(() => this.#networkChanged());
  }

  get state(): ChatState {
    return this.#journal.state;
  }

  /** Take up what a reload has interrupted; false if there is nothing. */
  resume(): boolean {
    const saved = recall();
    if (!saved) return false;
    const { state, last, parting } = saved;
    const { sessionId, phase, messages, matched, wish } = state;
    if (parting) this.#part(parting);
    if (phase === "idle") return false;
    if (phase !== "ended" && sessionId) this.#presence.resume(sessionId, last);
    this.#journal.set({ ...state, link: "connecting", strangerTypes: false, hold: null });
    if (state.again === "wished") this.meetAgain();
    if (phase === "starting") void this.start(wish);
    if (phase === "ended" || !sessionId) return true;
    const chat = this.#open(sessionId);
    for (const message of unsent(messages)) void chat.post(message);
    if (matched?.chat_type === "video") chat.openCall(matched, true);
    return true;
  }

  /** Look for a stranger; in a chat, leave it first. */
  async start(wish: Wish): Promise<void> {
    const search = {};
    const isCurrent = (): boolean => this.#search === search;
    this.#depart();
    this.#search = search;
    const link = this.#line.isUp ? "up" : "connecting";
    // From here on a reload looks for somebody, too, and does not return to the chat before.
    this.#journal.set({ ...IDLE, phase: "starting", wish, since: Date.now(), link });
    this.#line.open();
    try {
      const { session_id } = await untilAnswered({
        ready: () => this.#presence.up.passed(),
        ask: () =>
          withProof(this.#means.url, (proof) =>
            this.#line.ask("start", { ...request(wish), ...(proof && { proof }) }),
          ),
        isWanted: isCurrent,
        held: (hold) => isCurrent() && this.#journal.set({ hold }),
      });
      if (!isCurrent()) return this.#leave(session_id);
      this.#journal.set({ sessionId: session_id, phase: "waiting", link: "up" });
      this.#open(session_id);
      this.#presence.begin(session_id);
    } catch (error) {
      if (isCurrent()) this.#journal.set({ ...IDLE, wish, refusal: codeOf(error) });
    }
  }

  /** Leave the chat; it stays to be read until `start` or `dismiss`. */
  leave(): void {
    const { phase, sessionId } = this.state;
    if (phase !== "chatting" || !sessionId) return this.dismiss();
    this.#over("you");
    this.#leave(sessionId);
  }

  /** Leave the chat, if it goes on, and never meet this stranger again. */
  block(): void {
    const { phase, sessionId } = this.state;
    if (!sessionId) return;
    if (phase === "chatting") this.#over("you");
    this.#journal.set({ blocking: "sending" });
    this.#part({ call: "block", sessionId });
  }

  /**
   * Tell the moderators of this stranger, in the chat or soon after it; the report's reference.
   * Throws Refused, or another error if there is no answer.
   */
  report(report: Report): Promise<string> {
    return fileReport(this.#means.url, { ...report, session_id: this.state.sessionId ?? "" });
  }

  /** Wish to meet this stranger again, in the chat or soon after it; they learn of it if they wish it, too. */
  meetAgain(): void {
    const { sessionId } = this.state;
    if (!sessionId) return;
    this.#journal.set({ again: "wished" });
    this.#meetings.wish(sessionId, this.#presence.last);
  }

  /** Back to the beginning: nothing is kept. */
  dismiss(): void {
    this.#depart();
    this.#journal.set({ ...IDLE, wish: this.state.wish });
  }

  /** Send a message; it appears in the state at once and is delivered once, whatever happens. */
  send(text: string): void {
    this.#chat?.say(text);
  }

  /** A key was pressed in the text box (`true`), or the box was emptied. */
  types(isTyping: boolean): void {
    this.#chat?.types(isTyping);
  }

  /** Ask the stranger of a text chat to go on by video, or agree if they have asked. */
  requestUpgrade(): void {
    void this.#chat?.upgrade.request();
  }

  /** Say whether to go on by video, as the stranger asks. */
  answerUpgrade(accept: boolean): void {
    void this.#chat?.upgrade.answer(accept);
  }

  /** Take the session back from another tab. */
  takeBack(): void {
    this.#presence.takeBack();
  }

  /** Try again to connect picture and sound. */
  retryCall(): void {
    this.#chat?.retryCall();
  }

  #setAgain(sessionId: string, again: ChatState["again"]): void {
    if (this.state.sessionId === sessionId) this.#journal.set({ again });
  }

  #networkChanged(): void {
    if (this.state.phase === "idle" || this.state.phase === "ended") return;
    this.#line.reopen();
    this.#chat?.checkCall();
  }

  #open(sessionId: string): Chat {
    const chat = new Chat(this.#means, sessionId);
    this.#chat = chat;
    chat.on("call", (state) => this.emit("call", state));
    chat.on("matched", (matched) => this.emit("matched", matched));
    chat.on("watching", (started) => this.emit("watching", started));
    chat.on("upgraded", (upgraded) => this.emit("upgraded", upgraded));
    chat.on("message", (message) => this.emit("message", message));
    chat.on("over", (ending) => this.#over(ending));
    return chat;
  }

  #over(ending: Ending): void {
    // Who has not met anybody has lost nothing but a place in the queue, and takes a new one.
    if (this.state.phase === "waiting") return void this.start(this.state.wish);
    this.#close();
    this.#journal.set({
      phase: "ended",
      ending,
      messages: withoutHope(this.state.messages),
      strangerTypes: false,
      strangerIsAway: false,
      hold: null,
    });
  }

  #turnedAway(): void {
    this.#close();
    this.#line.close();
    this.#journal.set({ ...IDLE, wish: this.state.wish });
  }

  /** Leave whatever there is. */
  #depart(): void {
    const { phase, sessionId } = this.state;
    // On the same socket `start` says it too, but a dropped link comes back with another one.
    if (sessionId && phase !== "ended") this.#leave(sessionId);
    this.#close();
  }

  #close(): void {
    this.#search = null;
    this.#chat?.close();
    this.#chat = null;
    this.#presence.release();
  }

  #leave(sessionId: string): void {
    this.#part({ call: "leave_session", sessionId });
  }

  /** Tell the server how a session was left, until it knows. */
  #part(parting: Parting): void {
    this.#journal.parting = parting;
    const { call, sessionId } = parting;
    const has = (blocking: "done" | "failed") => (): void => {
      if (call === "block" && this.state.sessionId === sessionId) this.#journal.set({ blocking });
    };
    void untilAnswered({
      ready: () => this.#presence.up.passed(),
      ask: () => this.#line.ask(call, { session_id: sessionId }),
      isWanted: () => true,
    })
      // Unknown or over: then it has been left, but it is too late to block anybody.
      .then(has("done"), has("failed"))
      .finally(() => this.#hasParted(parting));
    this.#line.open();
  }

  #hasParted(parting: Parting): void {
    if (this.#journal.parting === parting) this.#journal.parting = null;
    this.#journal.save();
    if (this.state.phase === "idle") this.#line.close();
  }
}

const request = (wish: Wish) => {
  const { chatType, interests, language, pinned, token, question, discuss } = wish;
  return {
    chat_type: chatType,
    interests,
    language,
    pinned,
    ...(token && { token }),
    ...(question && { question }),
    ...(discuss && { discuss }),
  };
};

const codeOf = (error: unknown): string => (error instanceof Refused ? error.code : "unavailable");
