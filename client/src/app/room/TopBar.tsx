/** What kind of chat this is, how it stands, and the way out of a bad one. */
import { BlockIcon, CameraIcon, FlagIcon, SaveIcon } from "../icons";
import { t } from "../language";
import { Rings } from "../Rings";
import { chat, client, isAsking, isTalking, isVideo, isWatched, part } from "../store";
import { saveTranscript } from "../transcript";
import { MeetAgain } from "./MeetAgain";
import { openReport } from "./report";
import { Status } from "./Status";
import { Tool } from "./Tool";

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
        {isTalking.value && !isVideo.value && !isWatched.value && <TurnOnVideo />}
        {phase === "chatting" && matched !== null && <MeetAgain />}
        <Tool
          Icon={SaveIcon}
          label={texts.save}
          act={saveTranscript}
          isDisabled={chat.value.messages.length === 0}
          collapses
        />
        <Tool Icon={FlagIcon} label={texts.report} act={openReport} isDisabled={!mayComplain} />
        <Tool
          Icon={BlockIcon}
          label={texts.block}
          act={() => part("block")}
          isDisabled={!mayComplain || chat.value.blocking !== null}
        />
      </div>
    </header>
  );
};

const TurnOnVideo = () => (
  <Tool
    Icon={CameraIcon}
    label={t.value.upgrade.ask}
    act={() => client.requestUpgrade()}
    isDisabled={chat.value.upgrade.stands !== "open"}
    collapses
  />
);
