/** The client and what it tells, as signals that the page is drawn from. */
import { computed, signal } from "@preact/signals";
import {
  type CallState,
  type ChatState,
  type ChatType,
  IDLE,
  LocalMedia,
  type Meeting,
  NO_CALL,
  type Pin,
  Rendezvous,
  type Wish,
} from "../rendezvous";
import { chatLanguage, interests, pinsInterests, pinsLanguage } from "./preferences";

/** What a chat has to do with a question. */
type About = Pick<Wish, "question" | "discuss">;

export const media = new LocalMedia();
export const client = new Rendezvous(media);

export const chat = signal<ChatState>(client.state);
export const call = signal<CallState>(NO_CALL);
export const devices = signal(media.state);
/** What the moderators say to this person. */
export const standing = signal(client.standing.state);
/** What the moderators call one's report about this chat, if there is one. */
export const reference = signal<string | null>(null);

/** What the chat is by now, or what is looked for. */
export const isVideo = computed(() => {
  const { matched, wish } = chat.value;
  return (matched?.chat_type ?? wish.chatType) === "video";
});
/** Whether one asks two strangers a question, and watches them. */
export const isAsking = computed(() => Boolean(chat.value.wish.question));
/** Whether somebody watches, be it oneself. */
export const isWatched = computed(() => {
  const { discussion } = chat.value;
  return discussion !== null && discussion.asker !== "gone";
});
/** Whether there is a chat to go on with, and in this tab. */
export const isTalking = computed(() => {
  const { phase, link } = chat.value;
  return phase === "chatting" && link !== "elsewhere";
});
export const isWaiting = computed(() => {
  const { phase } = chat.value;
  return phase === "starting" || phase === "waiting";
});

client.on("state", (state) => {
  chat.value = state;
});
client.on("call", (state) => {
  call.value = state;
});
client.on("upgraded", () => void media.open());
client.standing.on("state", (state) => {
  standing.value = state;
  if (state.ban) media.close();
});
media.on("change", () => {
  devices.value = media.state;
});

/** What is not given up, of what was given. */
const pinned = (): Pin[] => [
  ...(pinsInterests.value && interests.value.length ? (["interests"] as const) : []),
  ...(pinsLanguage.value && chatLanguage.value ? (["language"] as const) : []),
];

/** Video begins with one's own devices, whatever comes of that. */
function look(wish: Wish): Promise<void> {
  reference.value = null;
  if (wish.chatType === "video") void media.open();
  else media.close();
  return client.start(wish);
}

/** Look for a stranger. */
export function begin(chatType: ChatType, about: Partial<About> = {}): Promise<void> {
  return look({
    ...IDLE.wish,
    ...about,
    chatType,
    interests: interests.value,
    language: chatLanguage.value || null,
    pinned: pinned(),
  });
}

/** Look for the stranger of a meeting, and for nobody else. */
export function meetAgain({ chatType, token }: Meeting): Promise<void> {
  return look({ ...IDLE.wish, chatType, token });
}

/** The same again, with somebody else. */
export function next(): Promise<void> {
  const { chatType, question, discuss } = chat.value.wish;
  return begin(chatType, { question, discuss });
}

export function part(how: "stop" | "block"): void {
  if (how === "block") client.block();
  else client.leave();
  if (chat.value.phase === "idle") media.close();
}

export function goHome(): void {
  client.dismiss();
  media.close();
}

/** Take up what a reload has interrupted. */
export function resume(): void {
  if (!client.resume()) return;
  if (isVideo.value && chat.value.phase !== "ended") void media.open();
}
