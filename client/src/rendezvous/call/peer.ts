/** One RTCPeerConnection under perfect negotiation (W3C WebRTC 1.0, section 10.7). */
import type { LocalMedia } from "./media";
import { certificateOf, connectionOf, type Description } from "./signals";

const KINDS = ["audio", "video"] as const;
export type Kind = (typeof KINDS)[number];

export interface PeerOptions {
  configuration: RTCConfiguration;
  polite: boolean;
  send: (signal: object) => void;
  changed: () => void;
}

export class Peer {
  readonly connection: RTCPeerConnection;
  /** Which connection of the stranger's this one talks to; "" before it has heard of one. */
  remote = "";
  readonly #options: PeerOptions;
  #certificate = "";
  #isOffering = false;
  #ignoresOffer = false;

  constructor(options: PeerOptions) {
    this.#options = options;
    this.connection = new RTCPeerConnection(options.configuration);
    const { connection } = this;
    connection.onnegotiationneeded = () => void this.#offer();
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) options.send({ candidate: candidate.toJSON() });
    };
    connection.ontrack = ({ track }) => {
      track.onmute = track.onunmute = track.onended = options.changed;
      options.changed();
    };
    connection.onconnectionstatechange = options.changed;
    connection.oniceconnectionstatechange = options.changed;
  }

  /** Make the first offer, with a place for sound and one for a picture. */
  open(media: Pick<LocalMedia, "track" | "has">): void {
    for (const kind of KINDS) {
      const direction = media.has(kind) ? "sendrecv" : "recvonly";
      this.connection.addTransceiver(media.track(kind) ?? kind, { direction });
    }
  }

  /** Whether its own first offer is out, and nothing has come back. */
  get isUnanswered(): boolean {
    return this.remote === "" && this.connection.signalingState === "have-local-offer";
  }

  /** Whether a description comes from another connection than the one this has talked to. */
  isOfAnother({ sdp }: Description): boolean {
    if (this.remote === "" || this.remote === connectionOf(sdp)) return false;
    // Some implementations, aiortc for one, write a new session id into every description.
    return this.#certificate === "" || this.#certificate !== certificateOf(sdp);
  }

  /** Take the stranger's offer or answer; before an offer is answered, `prepare` is called. */
  async describe(description: Description, prepare: () => Promise<void>): Promise<void> {
    const { connection } = this;
    const isOffer = description.type === "offer";
    const collides = isOffer && (this.#isOffering || connection.signalingState !== "stable");
    this.#ignoresOffer = collides && !this.#options.polite;
    if (this.#ignoresOffer || (!isOffer && !this.#awaits(description))) return;

    await connection.setRemoteDescription(description);
    this.remote = connectionOf(description.sdp);
    this.#certificate = certificateOf(description.sdp);
    if (!isOffer) return;
    await prepare();
    await connection.setLocalDescription();
    this.#sendDescription({ to: this.remote });
  }

  /** Add the stranger's candidate; those of an offer that was not taken do not matter. */
  async addCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    try {
      await this.connection.addIceCandidate(candidate);
    } catch (error) {
      if (!this.#ignoresOffer) console.debug("A candidate of another connection", error);
    }
  }

  /** Send `track`, or nothing; `wants` keeps the direction open while a device is switched off. */
  async put(kind: Kind, track: MediaStreamTrack | null, wants: boolean): Promise<void> {
    const place = this.placeOf(kind);
    if (!place) return;
    await place.sender.replaceTrack(track);
    const direction = wants ? "sendrecv" : "recvonly";
    if (place.direction !== direction) place.direction = direction;
  }

  placeOf(kind: Kind): RTCRtpTransceiver | undefined {
    const places = this.connection.getTransceivers();
    return places.find(({ receiver, direction }) => {
      return receiver.track.kind === kind && direction !== "stopped";
    });
  }

  /** Look for a new way between the two, with fresh servers. */
  restart(configuration: RTCConfiguration): void {
    this.connection.setConfiguration(configuration);
    this.connection.restartIce();
  }

  close(): void {
    this.connection.onconnectionstatechange = null;
    this.connection.oniceconnectionstatechange = null;
    this.connection.onnegotiationneeded = null;
    this.connection.onicecandidate = null;
    this.connection.close();
  }

  async #offer(): Promise<void> {
    try {
      this.#isOffering = true;
      await this.connection.setLocalDescription();
      this.#sendDescription({});
    } catch (error) {
      console.debug("No offer was made", error);
    } finally {
      this.#isOffering = false;
    }
  }

  #sendDescription(more: { to?: string }): void {
    const description = this.connection.localDescription;
    if (description) this.#options.send({ ...description.toJSON(), ...more });
  }

  /** Whether an answer is one to the offer that is out, as far as it tells. */
  #awaits({ to }: Description): boolean {
    const { signalingState, localDescription } = this.connection;
    if (signalingState !== "have-local-offer") return false;
    return to === undefined || to === connectionOf(localDescription?.sdp);
  }
}
