/** A still picture of a video, of a size that a report may have. */

const LONGEST = 1_280;
const QUALITY = 0.8;

/** As a data: URL; null while nothing is shown. */
export function snapshot(video: HTMLVideoElement | null): string | null {
  if (!video?.videoWidth) return null;
  const { videoWidth, videoHeight } = video;
  const scale = Math.min(1, LONGEST / Math.max(videoWidth, videoHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", QUALITY);
}
