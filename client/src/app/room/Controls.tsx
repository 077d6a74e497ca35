/** Switches for one's own devices, and how the stranger's picture is shown. */
import { useSignal } from "@preact/signals";
import type { ComponentType, RefObject } from "preact";
import { useEffect } from "preact/hooks";
import {
  CameraIcon,
  CameraOffIcon,
  FullScreenIcon,
  MicrophoneIcon,
  MutedIcon,
  PictureInPictureIcon,
  SettingsIcon,
} from "../icons";
import { t } from "../language";
import { call, devices, media } from "../store";
import { openSettings } from "./Settings";
import { strangerVideo } from "./StrangerVideo";

interface ControlsProps {
  stage: RefObject<HTMLElement | null>;
}

export const Controls = ({ stage }: ControlsProps) => {
  const { isMuted, isCameraOff, problems } = devices.value;
  const { media: texts } = t.value;
  const isSilent = isMuted || problems.audio !== null;
  const isCameraOn = !isCameraOff && !problems.video;

  const toggleCamera = (): void => {
    void (problems.video && !isCameraOff ? media.open() : media.setCameraOff(!isCameraOff));
  };
  return (
    <div class="controls">
      <Control
        label={texts.mute}
        isPressed={isSilent}
        isAlarming={isSilent}
        Icon={isSilent ? MutedIcon : MicrophoneIcon}
        act={() => (problems.audio ? void media.open() : media.setMuted(!isMuted))}
      />
      <Control
        label={texts.camera}
        isPressed={isCameraOn}
        isAlarming={!isCameraOn}
        Icon={isCameraOn ? CameraIcon : CameraOffIcon}
        act={toggleCamera}
      />
      <Control
        label={texts.settings}
        Icon={SettingsIcon}
        act={openSettings}
      />
      {document.pictureInPictureEnabled && (
        <Control
          label={texts.pictureInPicture}
          Icon={PictureInPictureIcon}
          isDisabled={!call.value.remote}
          act={() => void togglePictureInPicture(strangerVideo.current)}
        />
      )}
      {document.fullscreenEnabled && <FullScreen stage={stage} />}
    </div>
  );
};

const FullScreen = ({ stage }: ControlsProps) => {
  const isFull = useSignal(false);
  const { media: texts } = t.value;
  useEffect(() => {
    const changed = (): void => {
      isFull.value = document.fullscreenElement !== null;
    };
    document.addEventListener("fullscreenchange", changed);
    return () => document.removeEventListener("fullscreenchange", changed);
  }, []);
  const toggle = (): Promise<void> | undefined =>
    isFull.value ? document.exitFullscreen() : stage.current?.requestFullscreen();
  return (
    <Control
      label={isFull.value ? texts.leaveFullScreen : texts.fullScreen}
      Icon={FullScreenIcon}
      act={() => void toggle()?.catch(() => null)}
    />
  );
};

interface ControlProps {
  label: string;
  Icon: ComponentType;
  act: () => void;
  isPressed?: boolean;
  isAlarming?: boolean;
  isDisabled?: boolean;
}

const Control = ({ label, Icon, act, isPressed, isAlarming, isDisabled }: ControlProps) => (
  <button
    type="button"
    class={`control ${isAlarming ? "alarming" : ""}`}
    aria-label={label}
    aria-pressed={isPressed}
    title={label}
    disabled={isDisabled}
    onClick={act}
  >
    <Icon />
  </button>
);

async function togglePictureInPicture(video: HTMLVideoElement | null): Promise<void> {
  try {
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await video?.requestPictureInPicture();
  } catch (error) {
    // There is no picture yet to be taken out.
    console.debug("Picture in picture:", error);
  }
}
