/** One's own picture, mirrored as people know themselves. */
import { useEffect, useRef } from "preact/hooks";
import { CameraOffIcon } from "../icons";
import { t } from "../language";
import { devices } from "../store";

export const OwnVideo = () => {
  const video = useRef<HTMLVideoElement>(null);
  const { preview, isCameraOff } = devices.value;
  const { chat: names, media: texts } = t.value;
  useEffect(() => {
    if (video.current && video.current.srcObject !== preview) video.current.srcObject = preview;
  }, [preview]);
  return (
    <div class="near">
      <video
        ref={video}
        class={preview ? "picture" : "picture hidden"}
        aria-label={names.you}
        playsInline
        autoPlay
        muted
      />
      {!preview && (
        <p class="no-picture">
          <CameraOffIcon />
          {isCameraOff ? texts.cameraOff : texts.noCamera}
        </p>
      )}
    </div>
  );
};
