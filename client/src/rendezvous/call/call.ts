/** The video side of a chat: one peer connection after another until the two see each other. */
import { Emitter } from "../emitter";
import type { IceAnswer, Matched } from "../protocol.gen";
import type { LocalMedia } from "./media";
import { type Path, pathOf } from "./path";
import { type Kind, Peer } from "./peer";
import { readSignal, type Running, type Signal } from "./signals";

const PATIENCE = 15_000;
const ATTEMPTS = 3;
const LOOK_AGAIN = 5_000;
const MAY_RECOVER = 3_000;

export type CallLink = "connecting" | "connected" | "reconnecting" | "failed";

export interface CallState {
  link: CallLink;
  path: Path | null;
  /** The stranger's picture and sound; the same stream for as long as the connection lives. */
  remote: MediaStream | null;
  strangerHas: Running;
}

export const NO_CALL: CallState = {
  link: "connecting",
  path: null,
  remote: null,
  strangerHas: { audio: false, video: false },
};

export interface CallOptions {
  matched: Pick<Matched, "is_initiator" | "ice_servers" | "ice_transport_policy">;
  media: LocalMedia;
  send: (signal: object) => void;
  /** Fetch fresh ICE servers; null if that is not possible now. */
  refresh: () => Promise<IceAnswer | null>;
}

export class Call extends Emitter<{ state: CallState }> {
  state = NO_CALL;
  readonly #options: CallOptions;
  #configuration: RTCConfiguration;
  #peer: Peer;
  #work: Promise<unknown> = Promise.resolve();
  #attempts = 0;
  #wasConnected = false;
  #isClosed = false;
  #running: Running = { audio: true, video: true };
  #told: Running = { audio: true, video: true };
  #patience: ReturnType<typeof setTimeout> | undefined;
  #recovery: ReturnType<typeof setTimeout> | undefined;
  readonly #watch: ReturnType<typeof setInterval>;
  readonly #unlisten: () => void;

  /** `offers` makes the first offer; after a reload that is who came back. */
  constructor(options: CallOptions, offers: boolean) {
    super();
    this.#options = options;
    this.#configuration = configurationOf(options.matched);
    this.#peer = this.#newPeer();
    this.#unlisten = options.media.on("change", () => void this.#do(() => this.#putTracks()));
    this.#watch = setInterval(() => void this.#look(), LOOK_AGAIN);
    if (offers) this.#open();
    this.#beginPatience();
  }

  /** A signal of the stranger's. They are handled one after the other. */
  receive(data: unknown): void {
    const signal = readSignal(data);
    if (signal) void this.#do(() => this.#handle(signal));
  }

  /** The link or the network changed: look for a new way, unless the present one still works. */
  checkUp(): void {
    const { connectionState } = this.#peer.connection;
    if (this.#wasConnected && connectionState !== "connected") void this.#restart();
  }

  /** The user asks to try again after it failed. */
  retry(): void {
    this.#attempts = 0;
    this.#rebuild();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#patience);
    clearTimeout(this.#recovery);
    clearInterval(this.#watch);
    this.#unlisten();
    this.#peer.close();
  }

  get #isPolite(): boolean {
    return !this.#options.matched.is_initiator;
  }

  async #handle(signal: Signal): Promise<void> {
    if (signal.kind === "candidate") return this.#peer.addCandidate(signal.candidate);
    if (signal.kind === "running") {
      this.#running = signal.running;
      return this.#report();
    }
    const { description } = signal;
    const isOffer = description.type === "offer";
    const isOfAnother = this.#peer.isOfAnother(description);
    // An answer of another connection is of the past; an offer of one is a stranger who reloaded.
    if (isOfAnother && !isOffer) return;
    // Two first offers at once: places that one has opened do not fit an offer, so yield anew.
    const yields = isOffer && this.#peer.isUnanswered && this.#isPolite;
    if (isOfAnother || yields) this.#replacePeer();
    await this.#peer.describe(description, () => this.#putTracks());
  }

  /** Do one thing after the other: negotiation must not overtake itself. */
  #do(step: () => Promise<void>): Promise<unknown> {
    this.#work = this.#work
      .then(() => (this.#isClosed ? undefined : step()))
      .catch((error) => console.warn("Video:", error));
    return this.#work;
  }

  #newPeer(): Peer {
    this.#running = { audio: true, video: true };
    this.#told = { audio: true, video: true };
    return new Peer({
      configuration: this.#configuration,
      polite: this.#isPolite,
      send: this.#options.send,
      changed: () => this.#changed(),
    });
  }

  #open(): void {
    this.#peer.open(this.#options.media);
    void this.#do(() => this.#putTracks());
  }

  async #putTracks(): Promise<void> {
    const { media } = this.#options;
    for (const kind of ["audio", "video"] as const) {
      await this.#peer.put(kind, media.track(kind), media.has(kind));
    }
    const running = media.running();
    if (running.audio === this.#told.audio && running.video === this.#told.video) return;
    this.#told = running;
    this.#options.send({ media: running });
  }

  #changed(): void {
    const { connectionState } = this.#peer.connection;
    clearTimeout(this.#recovery);
    if (connectionState === "connected") this.#connected();
    // A short gap heals by itself; who makes the offers asks first, so that both do not at once.
    const wait = (this.#isPolite ? 2 : 1) * MAY_RECOVER;
    if (connectionState === "failed") this.#recovery = setTimeout(() => void this.#restart(), wait / 6);
    if (connectionState === "disconnected") {
      this.#recovery = setTimeout(() => void this.#restart(), wait);
    }
    this.#report();
    void this.#look();
  }

  #connected(): void {
    clearTimeout(this.#patience);
    this.#attempts = 0;
    this.#wasConnected = true;
  }

  async #restart(): Promise<void> {
    if (this.#isClosed) return;
    const peer = this.#peer;
    this.#beginPatience();
    this.#report();
    await this.#refresh();
    if (peer === this.#peer && peer.connection.connectionState !== "closed") {
      peer.restart(this.#configuration);
    }
  }

  /** If nothing comes of it in a while, begin from nothing, a few times. */
  #beginPatience(): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#rebuild(), PATIENCE);
  }

  #rebuild(): void {
    if (++this.#attempts > ATTEMPTS) return this.#set({ link: "failed" });
    this.#beginPatience();
    // Signals are never lost: who has not answered at all is not helped by another offer.
    if (!this.#peer.remote) return;
    void this.#do(async () => {
      await this.#refresh();
      this.#replacePeer();
      this.#open();
    });
  }

  #replacePeer(): void {
    this.#peer.close();
    this.#peer = this.#newPeer();
    this.#report();
  }

  async #refresh(): Promise<void> {
    const fresh = await this.#options.refresh();
    if (fresh) this.#configuration = configurationOf(fresh);
  }

  async #look(): Promise<void> {
    const peer = this.#peer;
    if (peer.connection.connectionState !== "connected") return;
    const path = await pathOf(peer.connection);
    if (peer === this.#peer && path !== this.state.path) this.#set({ path });
  }

  #report(): void {
    const isConnected = this.#peer.connection.connectionState === "connected";
    const hasFailed = this.#attempts > ATTEMPTS;
    const without = hasFailed ? "failed" : this.#wasConnected ? "reconnecting" : "connecting";
    this.#set({
      link: isConnected ? "connected" : without,
      path: isConnected ? this.state.path : null,
      remote: this.#remote(),
      strangerHas: { audio: this.#strangerHas("audio"), video: this.#strangerHas("video") },
    });
  }

  #remote(): MediaStream | null {
    const { connection } = this.#peer;
    const tracks = connection.getReceivers().map(({ track }) => track);
    if (!connection.remoteDescription) return this.state.remote;
    const known = this.state.remote?.getTracks();
    const isSame = known?.length === tracks.length && tracks.every((each) => known.includes(each));
    return isSame ? this.state.remote : new MediaStream(tracks);
  }

  #strangerHas(kind: Kind): boolean {
    const track = this.#peer.placeOf(kind)?.receiver.track;
    return track !== undefined && !track.muted && this.#running[kind];
  }

  #set(change: Partial<CallState>): void {
    // Tracks still tell of their end after the connection is closed.
    if (this.#isClosed) return;
    this.state = { ...this.state, ...change };
    this.emit("state", this.state);
  }
}

function configurationOf(ice: Pick<IceAnswer, "ice_servers" | "ice_transport_policy">): RTCConfiguration {
  return {
    iceServers: ice.ice_servers.map(({ urls, username, credential }) => ({
      urls,
      ...(username ? { username } : {}),
      ...(credential ? { credential } : {}),
    })),
    iceTransportPolicy: ice.ice_transport_policy,
  };
}
