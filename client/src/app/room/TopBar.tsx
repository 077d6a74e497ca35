/** What kind of chat this is, how it stands, and the way out of a bad one. */
import { FlagIcon, BlockIcon, SaveIcon } from "../icons";
import { t } from "../language";
import { Rings } from "../Rings";
import { chat, isVideo, part } from "../store";
import { saveTranscript } from "../transcript";
import { Status } from "./Status";

export const TopBar = () => {
  const { chat: texts } = t.value;
  const isChatting = chat.value.phase === "chatting";
  return (
    <header class="top-bar">
      <Rings kind="mark" />
      <div class="top-title">
        <h1>{isVideo.value ? texts.video : texts.text}</h1>
        <Status />
      </div>
      <div class="top-actions">
        <button
          type="button"
          class="button quiet collapses"
          disabled={chat.value.messages.length === 0}
          onClick={saveTranscript}
        >
          <SaveIcon />
          <span>{texts.save}</span>
        </button>
        <button
          type="button"
          class="button quiet"
          disabled={!isChatting}
          onClick={() => part("report")}
        >
          <FlagIcon />
          <span>{texts.report}</span>
        </button>
        <button
          type="button"
          class="button quiet"
          disabled={!isChatting}
          onClick={() => part("block")}
        >
          <BlockIcon />
          <span>{texts.block}</span>
        </button>
      </div>
    </header>
  );
};
