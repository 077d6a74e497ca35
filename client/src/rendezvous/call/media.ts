/** One's own camera and microphone: opening, switching, muting, and what went wrong. */
import { Emitter } from "../emitter";
import type { Kind } from "./peer";
import type { Running } from "./signals";

/** Why a device gives nothing. */
export type Problem = "refused" | "missing" | "busy";

export interface Device {
  id: string;
  label: string;
}

export interface MediaState {
  /** What one's own picture is shown from; null without a camera. */
  preview: MediaStream | null;
  isMuted: boolean;
  isCameraOff: boolean;
  problems: { [K in Kind]: Problem | null };
  devices: { [K in Kind]: Device[] };
  chosen: { [K in Kind]: string | null };
}

const WISHES: { [K in Kind]: MediaTrackConstraints } = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { max: 30 } },
};

export class LocalMedia extends Emitter<{ change: void }> {
  state: MediaState = {
    preview: null,
    isMuted: false,
    isCameraOff: false,
    problems: { audio: null, video: null },
    devices: { audio: [], video: [] },
    chosen: { audio: null, video: null },
  };
  readonly #tracks: { [K in Kind]: MediaStreamTrack | null } = { audio: null, video: null };
  #opening: Promise<void> | null = null;

  constructor() {
    super();
    navigator.mediaDevices?.addEventListener("devicechange", () => void this.#list());
  }

  track(kind: Kind): MediaStreamTrack | null {
    return this.#tracks[kind];
  }

  /** Whether there is a device to send from, be it switched off at the moment. */
  has(kind: Kind): boolean {
    const isOff = kind === "video" && this.state.isCameraOff && !this.state.problems.video;
    return this.#tracks[kind] !== null || isOff;
  }

  /** What the stranger should expect to hear and see. */
  running(): Running {
    return {
      audio: this.#tracks.audio !== null && !this.state.isMuted,
      video: this.#tracks.video !== null,
    };
  }

  /** Ask for what is not open yet; a refusal becomes a problem, never an error. */
  open(): Promise<void> {
    this.#opening ??= this.#openMissing().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  setMuted(isMuted: boolean): void {
    if (this.#tracks.audio) this.#tracks.audio.enabled = !isMuted;
    this.#set({ isMuted });
  }

  /** Off lets go of the camera, so that its light goes out. */
  async setCameraOff(isCameraOff: boolean): Promise<void> {
    this.#set({ isCameraOff });
    if (isCameraOff) this.#keep("video", null);
    else await this.#openOne("video");
    this.#set({});
  }

  /** Use another device from now on, in a running call too. */
  async choose(kind: Kind, id: string): Promise<void> {
    this.#set({ chosen: { ...this.state.chosen, [kind]: id } });
    if (kind === "video" && this.state.isCameraOff) return;
    await this.#openOne(kind);
    this.#set({});
  }

  /** Let go of everything. */
  close(): void {
    this.#keep("audio", null);
    this.#keep("video", null);
    this.#set({ problems: { audio: null, video: null } });
  }

  async #openMissing(): Promise<void> {
    const wantsVideo = !this.#tracks.video && !this.state.isCameraOff;
    if (!this.#tracks.audio && wantsVideo) await this.#openBoth();
    else if (!this.#tracks.audio) await this.#openOne("audio");
    else if (wantsVideo) await this.#openOne("video");
    this.#set({});
    await this.#list();
  }

  /** One question to the user instead of two; device by device only if that fails. */
  async #openBoth(): Promise<void> {
    try {
      const stream = await ask({ audio: this.#wish("audio"), video: this.#wish("video") });
      for (const track of stream.getTracks()) this.#keep(track.kind as Kind, track);
    } catch (error) {
      const isRefused = problemOf(error) === "refused";
      for (const kind of ["audio", "video"] as const) {
        if (isRefused && (await permission(kind)) !== "granted") this.#trouble(kind, "refused");
        else await this.#openOne(kind);
      }
    }
  }

  async #openOne(kind: Kind): Promise<void> {
    try {
      const stream = await this.#askOne(kind);
      this.#keep(kind, stream.getTracks()[0] ?? null);
      await this.#list();
    } catch (error) {
      this.#trouble(kind, problemOf(error));
    }
  }

  /** The chosen device, or, if it is gone, any. */
  async #askOne(kind: Kind): Promise<MediaStream> {
    try {
      return await ask({ [kind]: this.#wish(kind) });
    } catch (error) {
      if (!this.state.chosen[kind] || problemOf(error) !== "missing") throw error;
      this.state = { ...this.state, chosen: { ...this.state.chosen, [kind]: null } };
      return ask({ [kind]: WISHES[kind] });
    }
  }

  #wish(kind: Kind): MediaTrackConstraints {
    const id = this.state.chosen[kind];
    return id ? { ...WISHES[kind], deviceId: { exact: id } } : WISHES[kind];
  }

  #keep(kind: Kind, track: MediaStreamTrack | null): void {
    this.#tracks[kind]?.stop();
    this.#tracks[kind] = track;
    if (!track) return;
    if (kind === "audio") track.enabled = !this.state.isMuted;
    track.onended = () => this.#unplugged(kind, track);
    this.state = { ...this.state, problems: { ...this.state.problems, [kind]: null } };
  }

  #unplugged(kind: Kind, track: MediaStreamTrack): void {
    if (this.#tracks[kind] !== track) return;
    this.#tracks[kind] = null;
    this.#trouble(kind, "missing");
    this.#set({});
  }

  #trouble(kind: Kind, problem: Problem): void {
    this.state = { ...this.state, problems: { ...this.state.problems, [kind]: problem } };
  }

  async #list(): Promise<void> {
    const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    const of = (kind: string): Device[] =>
      all
        .filter((device) => device.kind === kind && device.deviceId)
        .map(({ deviceId, label }) => ({ id: deviceId, label }));
    this.#set({ devices: { audio: of("audioinput"), video: of("videoinput") } });
  }

  #set(change: Partial<MediaState>): void {
    const shown = this.state.preview?.getTracks()[0] ?? null;
    const video = this.#tracks.video;
    const preview =
      shown === video ? this.state.preview : video ? new MediaStream([video]) : null;
    this.state = { ...this.state, ...change, preview };
    this.emit("change", undefined);
  }
}

/** getUserMedia, which a page without TLS does not have. */
async function ask(wishes: MediaStreamConstraints): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new DOMException("Only over HTTPS", "NotAllowedError");
  return navigator.mediaDevices.getUserMedia(wishes);
}

async function permission(kind: Kind): Promise<PermissionState> {
  const name = kind === "audio" ? "microphone" : "camera";
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state;
  } catch {
    return "denied"; // Firefox does not tell.
  }
}

function problemOf(error: unknown): Problem {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "missing";
}
