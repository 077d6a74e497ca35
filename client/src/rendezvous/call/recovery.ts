/** When a call that is not connected is helped on, and when that is given up. */

const PATIENCE = 15_000;
const ATTEMPTS = 3;
const MAY_RECOVER = 3_000;
const HAS_FAILED = 500;

export type CallLink = "connecting" | "connected" | "reconnecting" | "failed";

export interface Remedies {
  /** Look for a new way between the two. */
  restart: () => void;
  /** Begin from nothing. */
  rebuild: () => void;
  /** Nothing helped. */
  failed: () => void;
}

export class Recovery {
  readonly #remedies: Remedies;
  /** Waits twice as long before a restart, so that both do not ask at once. */
  readonly #defers: boolean;
  #attempts = 0;
  #wasConnected = false;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #recovery: ReturnType<typeof setTimeout> | undefined;

  constructor(remedies: Remedies, defers: boolean) {
    this.#remedies = remedies;
    this.#defers = defers;
    this.beginPatience();
  }

  /** What the call is, its connection being in this state. */
  linkIn(state: RTCPeerConnectionState): CallLink {
    if (state === "connected") return "connected";
    if (this.#attempts > ATTEMPTS) return "failed";
    return this.#wasConnected ? "reconnecting" : "connecting";
  }

  /** The connection has come into this state. */
  changed(state: RTCPeerConnectionState): void {
    clearTimeout(this.#recovery);
    if (state === "connected") this.#connected();
    // A short gap heals by itself.
    if (state === "disconnected") this.#restartIn(MAY_RECOVER);
    if (state === "failed") this.#restartIn(HAS_FAILED);
  }

  /** The link to the server or the network changed: what is not connected needs a new way. */
  checkUp(state: RTCPeerConnectionState): void {
    if (this.#wasConnected && state !== "connected") this.#remedies.restart();
  }

  /** Something has been begun: if nothing comes of it in a while, begin from nothing. */
  beginPatience(): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#rebuild(), PATIENCE);
  }

  /** The user asks to try again after it failed. */
  retry(): void {
    this.#attempts = 0;
    this.#rebuild();
  }

  close(): void {
    clearTimeout(this.#patience);
    clearTimeout(this.#recovery);
  }

  #connected(): void {
    clearTimeout(this.#patience);
    this.#attempts = 0;
    this.#wasConnected = true;
  }

  #restartIn(wait: number): void {
    this.#recovery = setTimeout(() => this.#remedies.restart(), this.#defers ? 2 * wait : wait);
  }

  #rebuild(): void {
    if (++this.#attempts > ATTEMPTS) return this.#remedies.failed();
    this.beginPatience();
    this.#remedies.rebuild();
  }
}
