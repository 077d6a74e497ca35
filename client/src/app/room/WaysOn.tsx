/** The two ways on from where one is: to stop, or to be introduced to somebody else. */
import { NextIcon, StopIcon } from "../icons";
import { t } from "../language";
import { isEscaping } from "../shortcuts";
import { isAsking, isTalking, next, part } from "../store";

export const WaysOn = () => {
  const { chat: texts, question } = t.value;
  return (
    <div class="ways-on">
      <button type="button" class="button secondary" onClick={() => part("stop")}>
        <StopIcon />
        {texts.stop}
      </button>
      <button
        type="button"
        class={`button secondary ${isEscaping.value ? "armed" : ""}`}
        aria-keyshortcuts="Escape"
        disabled={!isTalking.value}
        onClick={() => void next()}
      >
        {isAsking.value ? question.askOthers : texts.next}
        <NextIcon />
      </button>
    </div>
  );
};
