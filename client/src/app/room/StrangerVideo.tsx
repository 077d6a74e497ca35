/** The stranger's picture and sound, or why there is none. */
import { useSignal } from "@preact/signals";
import { createRef } from "preact";
import { useEffect } from "preact/hooks";
import { CameraOffIcon, MutedIcon } from "../icons";
import { t } from "../language";
import { volume } from "../preferences";
import { call, chat } from "../store";

/** The stranger's picture, for what else is done with it. */
export const strangerVideo = createRef<HTMLVideoElement>();

export const StrangerVideo = () => {
  const video = strangerVideo;
  const isSilenced = useSignal(false);
  const { remote, strangerHas, link } = call.value;
  const { chat: names, media: texts } = t.value;
  const isChatting = chat.value.phase === "chatting";
  const isConnected = isChatting && link === "connected";

  const play = async (isMuted: boolean): Promise<void> => {
    const element = video.current;
    if (!element) return;
    element.muted = isMuted;
    try {
      await element.play();
      isSilenced.value = isMuted;
    } catch (error) {
      // Without a click since the page was loaded, a browser may refuse sound, but not a picture.
      const isRefused = error instanceof DOMException && error.name === "NotAllowedError";
      if (isRefused && !isMuted) await play(true);
    }
  };
  useEffect(() => {
    if (!video.current || video.current.srcObject === remote) return;
    video.current.srcObject = remote;
    if (remote) void play(false);
  }, [remote]);
  useEffect(() => {
    if (video.current) video.current.volume = volume.value;
  }, [volume.value]);

  return (
    <>
      <video
        ref={video}
        class={isChatting && strangerHas.video ? "picture" : "picture hidden"}
        aria-label={names.stranger()}
        playsInline
        autoPlay
      />
      {isConnected && !strangerHas.video && (
        <p class="no-picture">
          <CameraOffIcon />
          {texts.strangerCameraOff}
        </p>
      )}
      {isConnected && !strangerHas.audio && (
        <p class="badge">
          <MutedIcon />
          {texts.strangerMuted}
        </p>
      )}
      {isConnected && isSilenced.value && (
        <button type="button" class="button primary sound-on" onClick={() => void play(false)}>
          {texts.soundBlocked}
        </button>
      )}
    </>
  );
};
