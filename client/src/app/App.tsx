/** Which screen is shown. */
import { computed } from "@preact/signals";
import { Announcer } from "./announce";
import { Room } from "./room/Room";
import { StartScreen } from "./start/StartScreen";
import { chat } from "./store";
import { LinkDialog } from "./text/LinkDialog";

const isAtStart = computed(() => chat.value.phase === "idle");

export const App = () => (
  <>
    {isAtStart.value ? <StartScreen /> : <Room />}
    <LinkDialog />
    <Announcer />
  </>
);
