/** What a chat is at one moment, as plain values that are never changed in place. */
import type {
  Matched,
  NewMessage,
  PartnerDisconnected,
  SessionEnded,
  Start,
  StillWaiting,
} from "./protocol.gen";

export type ChatType = Start["chat_type"];
export type Pin = NonNullable<Start["pinned"]>[number];

/** Whom to look for. */
export interface Wish {
  chatType: ChatType;
  interests: string[];
  language: string | null;
  /** What the stranger has to share, however long it takes. */
  pinned: Pin[];
  /** Of a `Meeting`: look for that stranger only. */
  token?: string;
  /** What two strangers are to discuss while one watches. */
  question: string | null;
  /** Discuss a question, while who has asked it watches. */
  discuss: boolean;
}

/** Which of the two whom one watches. */
export type Stranger = NonNullable<NewMessage["stranger"]>;

/** A question that is discussed. */
export interface Discussion {
  question: string;
  /** `gone`: who has asked it watches no more. */
  asker: "you" | "there" | "gone";
}

export interface ChatMessage {
  /** One's own: the `client_id`. The stranger's: the server's id. */
  id: string;
  from: "you" | "stranger";
  /** Where one watches two. */
  stranger?: Stranger | undefined;
  text: string;
  /** Milliseconds since 1970. */
  time: number;
  /** `noticed` and `unwelcome`: the operator's filter has found something; sent all the same, or not. */
  delivery: "sending" | "sent" | "noticed" | "unwelcome" | "refused";
}

export type Phase = "idle" | "starting" | "waiting" | "chatting" | "ended";

/** Why it is over: what the server said, or `you`; `lost` if the session is unknown to it. */
export type Ending = PartnerDisconnected["reason"] | SessionEnded["reason"] | "you" | "lost";

/** The server asks to wait a moment; what was asked for is asked again by itself. */
export interface Hold {
  /** Such as `rate_limited` or `unavailable`. */
  code: string;
  /** Milliseconds since 1970. */
  until: number;
}

/** Going on by video, in a text chat. */
export interface Upgrade {
  /** `asked`: the stranger has not answered yet; `invited`: they ask; `declined`: they said no. */
  stands: "open" | "asked" | "invited" | "declined";
  /** Until when that is so, milliseconds since 1970. */
  until: number;
}

export const OPEN: Upgrade = { stands: "open", until: 0 };

export interface ChatState {
  phase: Phase;
  wish: Wish;
  /** `elsewhere`: another tab has taken this session over. */
  link: "connecting" | "up" | "down" | "elsewhere";
  sessionId: string | null;
  /** When looking for a stranger began, milliseconds since 1970. */
  since: number;
  /** How it looks for somebody who waits; null before the server has told. */
  prospect: StillWaiting | null;
  matched: Matched | null;
  discussion: Discussion | null;
  upgrade: Upgrade;
  /** Whether to meet this stranger again: `wished`, `agreed` by both, or it was too `late` to say so. */
  again: "open" | "wished" | "agreed" | "late";
  messages: readonly ChatMessage[];
  /** After how many of the messages some may be missing, if the server could not keep them all. */
  gap: number | null;
  strangerIsAway: boolean;
  strangerTypes: boolean;
  ending: Ending | null;
  /** Where one watched two: which of them has left. */
  leaver: Stranger | null;
  /** The code of a refused `start`. */
  refusal: string | null;
  /** Whether the server knows that one never wants to meet this stranger again; null: no wish to. */
  blocking: "sending" | "done" | "failed" | null;
  /** Why the start or the first of the unsent messages has to wait. */
  hold: Hold | null;
}

export const IDLE: ChatState = {
  phase: "idle",
  wish: {
    chatType: "text",
    interests: [],
    language: null,
    pinned: [],
    question: null,
    discuss: false,
  },
  link: "connecting",
  sessionId: null,
  since: 0,
  prospect: null,
  matched: null,
  discussion: null,
  upgrade: OPEN,
  again: "open",
  messages: [],
  gap: null,
  strangerIsAway: false,
  strangerTypes: false,
  ending: null,
  leaver: null,
  refusal: null,
  blocking: null,
  hold: null,
};
