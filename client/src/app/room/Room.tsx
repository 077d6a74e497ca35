/** One chat from looking for somebody to its end, always in the same layout. */
import { computed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { announce } from "../announce";
import { t } from "../language";
import { chat, isVideo, isWaiting } from "../store";
import { Composer } from "./Composer";
import { Ended } from "./Ended";
import { Log } from "./Log";
import { Notices } from "./Notices";
import { ReportDialog } from "./ReportDialog";
import { Settings } from "./Settings";
import { Stage } from "./Stage";
import { TopBar } from "./TopBar";
import { Waiting } from "./Waiting";

const phase = computed(() => chat.value.phase);

export const Room = () => {
  const { chat: texts } = t.value;
  useEffect(() => {
    if (phase.value === "chatting") announce(texts.matched);
  }, [phase.value]);
  return (
    <div class={`room ${isVideo.value ? "with-video" : "text-only"}`}>
      <TopBar />
      <main class="floor">
        {isVideo.value && <Stage />}
        <section class="talk" aria-label={texts.messages}>
          <Notices />
          <div class="talk-body">
            {isWaiting.value && !isVideo.value ? <Waiting /> : <Log />}
          </div>
          {phase.value === "ended" ? <Ended /> : <Composer />}
        </section>
      </main>
      <Settings />
      <ReportDialog />
    </div>
  );
};
