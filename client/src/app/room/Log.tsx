/** The messages, the newest in sight unless somebody reads further up. */
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ChatMessage } from "../../rendezvous";
import { t } from "../language";
import { chat, isAsking } from "../store";
import { Bubble } from "./Bubble";

const NEAR = 80;

const bubble = (message: ChatMessage) => <Bubble key={message.id} message={message} />;

export const Log = () => {
  const list = useRef<HTMLDivElement>(null);
  const isFollowing = useSignal(true);
  const { messages, matched, discussion, strangerTypes, gap } = chat.value;
  const { chat: texts } = t.value;

  const follow = (): void => {
    const log = list.current;
    if (log) log.scrollTop = log.scrollHeight;
  };
  useLayoutEffect(() => {
    if (isFollowing.value || messages.at(-1)?.from === "you") follow();
  }, [messages.length, strangerTypes, gap]);
  useLayoutEffect(() => {
    const log = list.current;
    if (!log) return;
    const observer = new ResizeObserver(() => isFollowing.peek() && follow());
    observer.observe(log);
    return () => observer.disconnect();
  }, []);

  return (
    <>
      <div
        ref={list}
        class="log"
        role="log"
        aria-label={texts.messages}
        tabIndex={0}
        onScroll={({ currentTarget: log }) => {
          isFollowing.value = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
        }}
      >
        <p class="greeting">
          {discussion ? texts.discuss[discussion.asker] : matched ? texts.greeting : texts.empty}
          {matched && matched.common_interests.length > 0 && (
            <span dir="auto"> {texts.shared(matched.common_interests.join(", "))}</span>
          )}
        </p>
        {messages.slice(0, gap ?? messages.length).map(bubble)}
        {gap !== null && <p class="gap">{texts.gap}</p>}
        {gap !== null && messages.slice(gap).map(bubble)}
        <div class="typing" aria-hidden={!strangerTypes}>
          {strangerTypes && (
            <>
              <span class="dots" aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
              {texts.typing[isAsking.value ? "oneOfThem" : "stranger"]}
            </>
          )}
        </div>
      </div>
      {!isFollowing.value && messages.at(-1)?.from === "stranger" && (
        <button type="button" class="button primary to-newest" onClick={follow}>
          {texts.newMessages}
        </button>
      )}
    </>
  );
};
