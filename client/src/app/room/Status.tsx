/** The state of the connection in a few words, announced when it changes. */
import { computed } from "@preact/signals";
import { t } from "../language";
import { call, chat, isVideo, isWaiting } from "../store";

type Tone = "calm" | "good" | "busy" | "over";

interface Standing {
  tone: Tone;
  text: string;
  hint?: string;
}

/** The most important thing first: one's own link, the stranger's, then the video's. */
const standing = computed((): Standing => {
  const { phase, link, strangerIsAway } = chat.value;
  const { status } = t.value;
  if (phase === "ended") return { tone: "over", text: status.ended };
  if (link === "elsewhere") return { tone: "over", text: status.elsewhere };
  if (link === "down") return { tone: "busy", text: status.reconnecting };
  if (link === "connecting") return { tone: "busy", text: status.connecting };
  if (isWaiting.value) return { tone: "calm", text: status.waiting };
  if (strangerIsAway) return { tone: "busy", text: status.strangerAway };
  return isVideo.value ? ofVideo() : { tone: "good", text: status.connected };
});

function ofVideo(): Standing {
  const { link, path } = call.value;
  const { status } = t.value;
  if (link === "connecting") return { tone: "busy", text: status.videoConnecting };
  if (link === "reconnecting") return { tone: "busy", text: status.videoReconnecting };
  if (link === "failed") return { tone: "over", text: status.videoFailed };
  if (path === "relayed") return { tone: "good", text: status.relayed, hint: status.relayedHint };
  if (path === "direct") return { tone: "good", text: status.direct, hint: status.directHint };
  return { tone: "good", text: status.connected };
}

export const Status = () => {
  const { tone, text, hint } = standing.value;
  return (
    <p class={`status ${tone}`} role="status" title={hint}>
      <span class="dot" aria-hidden="true" />
      <span class="status-text">{text}</span>
    </p>
  );
};
