/** The video side of a chat: signals in and out, tracks, and one peer connection after another. */
import { Emitter } from "../emitter";
import { configurationOf } from "../ice";
import type { IceAnswer, Matched } from "../protocol.gen";
import type { LocalMedia } from "./media";
import { type Path, pathOf } from "./path";
import { Peer } from "./peer";
import { type CallLink, Recovery } from "./recovery";
import { arriving, streamOf } from "./remote";
import { readSignal, type Running, type Signal } from "./signals";

const LOOK_AGAIN = 5_000;

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
  #isClosed = false;
  #running: Running = { audio: true, video: true };
  #told: Running = { audio: true, video: true };
  readonly #recovery: Recovery;
  readonly #watch: ReturnType<typeof setInterval>;
  readonly #unlisten: () => void;

  /** `offers` makes the first offer; after a reload that is who came back. */
  constructor(options: CallOptions, offers: boolean) {
    super();
    this.#options = options;
    this.#configuration = configurationOf(options.matched);
    const remedies = {
      restart: () => void this.#restart(),
      rebuild: () => this.#rebuild(),
      failed: () => this.#report(),
    };
    this.#recovery = new Recovery(remedies, this.#isPolite);
    this.#peer = this.#newPeer();
    this.#unlisten = options.media.on("change", () => void this.#do(() => this.#putTracks()));
    this.#watch = setInterval(() => void this.#look(), LOOK_AGAIN);
    if (offers) this.#open();
  }

  /** A signal of the stranger's. They are handled one after the other. */
  receive(data: unknown): void {
    const signal = readSignal(data);
    if (signal) void this.#do(() => this.#handle(signal));
  }

  /** The link or the network changed: look for a new way, unless the present one still works. */
  checkUp(): void {
    this.#recovery.checkUp(this.#peer.connection.connectionState);
  }

  /** The user asks to try again after it failed. */
  retry(): void {
    this.#recovery.retry();
  }

  close(): void {
    this.#isClosed = true;
    this.#recovery.close();
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
    this.#recovery.changed(this.#peer.connection.connectionState);
    this.#report();
    void this.#look();
  }

  async #restart(): Promise<void> {
    if (this.#isClosed) return;
    const peer = this.#peer;
    this.#recovery.beginPatience();
    this.#report();
    await this.#refresh();
    if (peer === this.#peer && peer.connection.connectionState !== "closed") {
      peer.restart(this.#configuration);
    }
  }

  #rebuild(): void {
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
    const { connectionState } = this.#peer.connection;
    const link = this.#recovery.linkIn(connectionState);
    this.#set({
      link,
      path: link === "connected" ? this.state.path : null,
      remote: streamOf(this.#peer, this.state.remote),
      strangerHas: arriving(this.#peer, this.#running),
    });
  }

  #set(change: Partial<CallState>): void {
    // Tracks still tell of their end after the connection is closed.
    if (this.#isClosed) return;
    this.state = { ...this.state, ...change };
    this.emit("state", this.state);
  }
}
