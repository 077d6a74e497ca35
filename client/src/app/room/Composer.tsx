/** Where one writes, goes on or stops. */
import { computed, signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { SendIcon } from "../icons";
import { t } from "../language";
import { isEscaping } from "../shortcuts";
import { chat, client, isTalking } from "../store";
import { WaysOn } from "./WaysOn";

const MOST = 2_000;

/** What is being written; it outlives this component, and is forgotten with the chat. */
const draft = signal("");
const over = computed(() => [...draft.value.trim()].length - MOST);

function send(): void {
  const text = draft.value.trim();
  if (!text || over.value > 0) return;
  client.send(text);
  draft.value = "";
}

export const Composer = () => {
  const box = useRef<HTMLTextAreaElement>(null);
  const { sessionId } = chat.value;
  const { chat: texts } = t.value;

  useEffect(() => {
    draft.value = "";
  }, [sessionId]);
  useEffect(() => {
    if (isTalking.value) box.current?.focus({ preventScroll: true });
  }, [isTalking.value]);
  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [draft.value]);

  const key = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      class="dock"
      onSubmit={(event) => {
        event.preventDefault();
        send();
        box.current?.focus();
      }}
    >
      <WaysOn />
      <div class={`writing ${over.value > 0 ? "too-long" : ""}`}>
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          aria-label={texts.message}
          placeholder={texts.placeholder}
          disabled={!isTalking.value}
          enterkeyhint="send"
          autocomplete="off"
          aria-invalid={over.value > 0}
          value={draft.value}
          onInput={(event) => {
            draft.value = event.currentTarget.value;
            client.types(draft.value !== "");
          }}
          onKeyDown={key}
        />
        {over.value > 0 && (
          <span class="over" role="status">
            {texts.tooLong(over.value)}
          </span>
        )}
        <button
          type="submit"
          class="send"
          aria-label={texts.send}
          title={texts.send}
          disabled={!isTalking.value || !draft.value.trim() || over.value > 0}
        >
          <SendIcon />
        </button>
      </div>
      <p class="esc-hint" aria-hidden="true">
        {isEscaping.value ? texts.escAgain : ""}
      </p>
    </form>
  );
};
