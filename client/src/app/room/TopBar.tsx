/** What kind of chat this is, how it stands, and the way out of a bad one. */
import { BlockIcon, CameraIcon, FlagIcon, SaveIcon } from "../icons";
import { t } from "../language";
import { Rings } from "../Rings";
import { chat, client, isAsking, isVideo, isWatched, part } from "../store";
import { saveTranscript } from "../transcript";
import { MeetAgain } from "./MeetAgain";
import { openReport } from "./report";
import { Status } from "./Status";

export const TopBar = () => {
  const { chat: texts } = t.value;
  const { phase, matched } = chat.value;
  const mayComplain = matched !== null && (phase === "chatting" || phase === "ended");
  return (
    <header class="top-bar">
      <Rings kind="mark" />
      <div class="top-title">
        <h1>{isVideo.value ? texts.video : isAsking.value ? texts.watching : texts.text}</h1>
        <Status />
      </div>
      <div class="top-actions">
        {phase === "chatting" && !isVideo.value && !isWatched.value && <TurnOnVideo />}
        {phase === "chatting" && matched !== null && <MeetAgain kind="quiet" />}
        <button
          type="button"
          class="button quiet collapses"
          title={texts.save}
          disabled={chat.value.messages.length === 0}
          onClick={saveTranscript}
        >
          <SaveIcon />
          <span>{texts.save}</span>
        </button>
        <button
          type="button"
          class="button quiet"
          disabled={!mayComplain}
          onClick={openReport}
        >
          <FlagIcon />
          <span>{texts.report}</span>
        </button>
        <button
          type="button"
          class="button quiet"
          disabled={!mayComplain || chat.value.blocking !== null}
          onClick={() => part("block")}
        >
          <BlockIcon />
          <span>{texts.block}</span>
        </button>
      </div>
    </header>
  );
};

const TurnOnVideo = () => (
  <button
    type="button"
    class="button quiet collapses"
    title={t.value.upgrade.ask}
    disabled={chat.value.upgrade.stands !== "open"}
    onClick={() => client.requestUpgrade()}
  >
    <CameraIcon />
    <span>{t.value.upgrade.ask}</span>
  </button>
);
