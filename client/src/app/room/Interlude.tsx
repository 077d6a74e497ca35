/** What stands in the stranger's place while there is no picture yet, or no longer. */
import { t } from "../language";
import { Rings } from "../Rings";
import { call, chat } from "../store";

export const Interlude = () => {
  const { phase } = chat.value;
  const { link, remote } = call.value;
  const { status } = t.value;
  if (phase === "ended") {
    return (
      <p class="interlude">
        <Rings kind="mark" />
        {status.ended}
      </p>
    );
  }
  // A picture that only stutters is left to stand.
  const isBlank = phase === "chatting" && link === "connecting" && !remote?.active;
  if (!isBlank) return null;
  return (
    <p class="interlude">
      <Rings kind="search" />
      {status.videoConnecting}
    </p>
  );
};
