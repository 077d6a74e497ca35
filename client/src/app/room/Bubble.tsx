/** One message. */
import { useSignal } from "@preact/signals";
import type { ChatMessage } from "../../rendezvous";
import { t } from "../language";
import { clean } from "../text/clean";
import { Words } from "../text/Words";
import { clock } from "../time";

const LONG = 700;
const MANY_LINES = 12;

export const Bubble = ({ message }: { message: ChatMessage }) => {
  const { from, stranger, time, delivery } = message;
  const { chat: texts } = t.value;
  const isOpen = useSignal(false);
  const text = clean(message.text);
  const isLong = text.length > LONG || text.split("\n").length > MANY_LINES;
  return (
    <div class={`bubble ${from} ${delivery} ${stranger === 2 ? "second" : ""}`}>
      <span class={stranger ? "who" : "unseen"}>
        {from === "you" ? texts.you : texts.stranger(stranger)}
        {stranger ? "" : ": "}
      </span>
      <p dir="auto" class={isLong && !isOpen.value ? "clamped" : ""}>
        <Words text={text} />
      </p>
      {isLong && (
        <button
          type="button"
          class="link"
          aria-expanded={isOpen.value}
          onClick={() => {
            isOpen.value = !isOpen.value;
          }}
        >
          {isOpen.value ? texts.less : texts.more}
        </button>
      )}
      <span class="small">
        {(delivery === "sent" || delivery === "noticed") && (
          <time dateTime={new Date(time).toISOString()}>{clock(time)}</time>
        )}
        {delivery === "noticed" && ` · ${texts.noticed}`}
        {delivery === "unwelcome" && texts.unwelcome}
        {delivery === "sending" && texts.sending}
        {delivery === "refused" && texts.notSent}
      </span>
    </div>
  );
};
