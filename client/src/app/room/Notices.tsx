/** Sentences about what does not work as hoped, each with a way on. */
import { computed } from "@preact/signals";
import { t } from "../language";
import { call, chat, client, devices, isTalking, isVideo, media } from "../store";
import { Held } from "./Held";
import { Invitation } from "./Invitation";
import { MeetAgainNotice } from "./MeetAgain";
import { Action, Notice } from "./Notice";

/** What is wrong with one's own devices, as a sentence. */
const deviceTrouble = computed(() => {
  const { audio, video } = devices.value.problems;
  const { problems } = t.value.media;
  if (audio && video) return problems.both[video];
  if (video) return problems.video[video];
  return audio && problems.audio[audio];
});

export const Notices = () => {
  const { status, media: texts } = t.value;
  const { phase, link, hold } = chat.value;
  const isOver = phase === "ended";
  return (
    <div class="notices" role="status">
      {!isOver && link === "elsewhere" && (
        <Notice text={status.elsewhere}>
          <Action label={status.takeBack} act={() => client.takeBack()} />
        </Notice>
      )}
      {!isOver && hold && <Held hold={hold} />}
      {isTalking.value && <Invitation />}
      <MeetAgainNotice />
      {!isOver && isVideo.value && deviceTrouble.value && (
        <Notice text={deviceTrouble.value}>
          <Action label={texts.tryAgain} act={() => void media.open()} />
        </Notice>
      )}
      {!isOver && isVideo.value && call.value.link === "failed" && (
        <Notice text={status.videoFailed}>
          <Action label={status.retry} act={() => client.retryCall()} />
        </Notice>
      )}
    </div>
  );
};
