/** One chat from looking for somebody to its end, always in the same layout. */
import { computed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { announce } from "../announce";
import { t } from "../language";
import { chat, isAsking, isVideo, isWaiting } from "../store";
import { Composer } from "./Composer";
import { Ended } from "./Ended";
import { Log } from "./Log";
import { Notices } from "./Notices";
import { Question } from "./Question";
import { ReportDialog } from "./ReportDialog";
import { Settings } from "./Settings";
import { Stage } from "./Stage";
import { TopBar } from "./TopBar";
import { Waiting } from "./Waiting";
import { WaysOn } from "./WaysOn";

const phase = computed(() => chat.value.phase);

export const Room = () => {
  const { chat: texts } = t.value;
  useEffect(() => {
    if (phase.value === "chatting") announce(isAsking.value ? texts.watched : texts.matched);
  }, [phase.value]);
  return (
    <div class={`room ${isVideo.value ? "with-video" : "text-only"}`}>
      <TopBar />
      <main class="floor">
        {isVideo.value && <Stage />}
        <section class="talk" aria-label={texts.messages}>
          <div>
            <Notices />
            <Question />
          </div>
          <div class="talk-body">
            {isWaiting.value && !isVideo.value ? <Waiting /> : <Log />}
          </div>
          {phase.value === "ended" ? <Ended /> : isAsking.value ? <Onlooker /> : <Composer />}
        </section>
      </main>
      <Settings />
      <ReportDialog />
    </div>
  );
};

/** Who has asked a question can only watch. */
const Onlooker = () => (
  <div class="dock">
    <WaysOn />
  </div>
);
