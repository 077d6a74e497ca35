/** Which screen is shown. */
import { computed } from "@preact/signals";
import { Announcer } from "./announce";
import { Banned } from "./Banned";
import { Room } from "./room/Room";
import { StartScreen } from "./start/StartScreen";
import { chat, standing } from "./store";
import { LinkDialog } from "./text/LinkDialog";
import { Warning } from "./Warning";

const isAtStart = computed(() => chat.value.phase === "idle");

export const App = () => (
  <>
    {standing.value.ban ? <Banned /> : isAtStart.value ? <StartScreen /> : <Room />}
    <Warning />
    <LinkDialog />
    <Announcer />
  </>
);
