/** The shapes of WebRTC signals: one that is sent, and those in use elsewhere that are understood. */

/** What a description carries besides: the connection whose offer an answer answers. */
export interface Description {
  type: RTCSdpType;
  sdp: string;
  to?: string;
}

/** Whether the camera and the microphone of who sends this are on. */
export interface Running {
  audio: boolean;
  video: boolean;
}

export type Signal =
  | { kind: "description"; description: Description }
  | { kind: "candidate"; candidate: RTCIceCandidateInit }
  | { kind: "running"; running: Running };

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;
const SDP_TYPES: unknown[] = ["offer", "answer", "pranswer", "rollback"];

/** Read `{type, sdp}`, `{candidate}`, either of them wrapped, or `{media}`; null for anything else. */
export function readSignal(signal: unknown): Signal | null {
  if (!isObject(signal)) return null;
  for (const inner of [signal.description, signal.sdp, signal.offer, signal.answer]) {
    if (isObject(inner)) return readSignal(inner);
  }
  if (typeof signal.sdp === "string" && SDP_TYPES.includes(signal.type)) {
    return { kind: "description", description: signal as unknown as Description };
  }
  if (isObject(signal.candidate)) return readSignal(signal.candidate);
  if (typeof signal.candidate === "string") {
    return { kind: "candidate", candidate: signal as RTCIceCandidateInit };
  }
  if (isObject(signal.media)) {
    const { audio, video } = signal.media;
    return { kind: "running", running: { audio: audio !== false, video: video !== false } };
  }
  return null;
}

/** Which connection made a description: the session id of its `o=` line (RFC 8866, section 5.2). */
export function connectionOf(sdp: string | undefined): string {
  return /^o=\S+ (\S+)/m.exec(sdp ?? "")?.[1] ?? "";
}

/** The fingerprint of a connection's certificate (RFC 8122, section 5), which never changes. */
export function certificateOf(sdp: string | undefined): string {
  return /^a=fingerprint:(\S+ \S+)/m.exec(sdp ?? "")?.[1]?.toLowerCase() ?? "";
}
