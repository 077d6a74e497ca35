/** In the place of the box to write in, for who has asked a question: one can only watch. */
import { NextIcon, StopIcon } from "../icons";
import { t } from "../language";
import { isEscaping } from "../shortcuts";
import { chat, next, part } from "../store";

export const Watching = () => {
  const { chat: texts, question } = t.value;
  const { phase, link } = chat.value;
  const isWatching = phase === "chatting" && link !== "elsewhere";
  return (
    <div class="dock">
      <div class="ways-on">
        <button type="button" class="button secondary" onClick={() => part("stop")}>
          <StopIcon />
          {texts.stop}
        </button>
        <button
          type="button"
          class={`button secondary ${isEscaping.value ? "armed" : ""}`}
          aria-keyshortcuts="Escape"
          disabled={!isWatching}
          onClick={() => void next()}
        >
          {question.askOthers}
          <NextIcon />
        </button>
      </div>
    </div>
  );
};
