/** The page's own icons: 24 by 24, drawn in strokes of the text's colour. */
import type { ComponentChildren } from "preact";

const icon = (children: ComponentChildren) => () => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    {children}
  </svg>
);

const microphone = (
  <>
    <rect x="9" y="3" width="6" height="11" rx="3" />
    <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />
  </>
);
const camera = (
  <>
    <rect x="3" y="6.5" width="12.5" height="11" rx="2.5" />
    <path d="m15.5 11 5-3v8l-5-3" />
  </>
);
const slash = <path d="m4 4 16 16" />;

export const MicrophoneIcon = icon(microphone);
export const MutedIcon = icon([microphone, slash]);
export const CameraIcon = icon(camera);
export const CameraOffIcon = icon([camera, slash]);
export const TextIcon = icon(
  <>
    <path d="M5.5 4.5h13a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H11l-4.5 3.5v-3.5h-1a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2Z" />
    <path d="M8 9h8M8 12.2h5" />
  </>,
);
export const SettingsIcon = icon(
  <>
    <path d="M4 7h9M19 7h1M4 17h1M11 17h9" />
    <circle cx="16" cy="7" r="2.5" />
    <circle cx="8" cy="17" r="2.5" />
  </>,
);
export const FullScreenIcon = icon(<path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />);
export const PictureInPictureIcon = icon(
  <>
    <rect x="3" y="5" width="18" height="14" rx="2.5" />
    <rect x="12" y="11.5" width="6.5" height="5" rx="1" />
  </>,
);
export const SaveIcon = icon(<path d="M12 4v10m-4-4 4 4 4-4M5 19h14" />);
export const FlagIcon = icon(<path d="M6 21V4.5c3-1.6 6 1.6 12 0v9c-6 1.6-9-1.6-12 0" />);
export const BlockIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="m6 6 12 12" />
  </>,
);
export const SendIcon = icon(<path d="M12 19V5m-6 6 6-6 6 6" />);
export const NextIcon = icon(<path d="M5 12h13m-5.5-6 6 6-6 6" />);
export const AgainIcon = icon(<path d="M5 11a7 7 0 0 1 12.5-3.5L20 10m0-5v5h-5M19 13a7 7 0 0 1-12.5 3.5L4 14m0 5v-5h5" />);
export const StopIcon = icon(<rect x="6" y="6" width="12" height="12" rx="2.5" />);
export const CloseIcon = icon(<path d="m6 6 12 12M18 6 6 18" />);
