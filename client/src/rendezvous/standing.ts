/** What the moderators say to this person: warnings, bans, and answers to an appeal. */
import { Emitter } from "./emitter";
import { fetchAnswer } from "./http";
import type { Line } from "./line";
import type { BanNotice, BanStanding, Warned } from "./protocol.gen";

export interface StandingState {
  warning: Warned["reason"] | null;
  ban: BanNotice | null;
  /** The ban does not hold any more. */
  isLifted: boolean;
}

export class Standing extends Emitter<{ state: StandingState }> {
  state: StandingState = { warning: null, ban: null, isLifted: false };
  readonly #url: string;

  constructor(line: Line, url: string) {
    super();
    this.#url = url;
    line.on("banned", (ban) => this.#set({ warning: null, ban, isLifted: false }));
    line.on("event", ({ name, data }) => {
      if (name === "warned") this.#set({ warning: data.reason });
    });
  }

  /** Object to the ban, which is possible once. Throws Refused, or another error. */
  async appeal(text: string): Promise<void> {
    const ban = this.state.ban?.reference ?? "";
    this.#take(await fetchAnswer<BanStanding>(`${this.#url}/appeal`, { ban, text }));
  }

  /** See what has become of the ban, and of the appeal. Throws Refused, or another error. */
  async look(): Promise<void> {
    const ban = this.state.ban?.reference ?? "";
    this.#take(await fetchAnswer<BanStanding>(`${this.#url}/appeal?${new URLSearchParams({ ban })}`));
  }

  /** They have read the warning. */
  understood(): void {
    this.#set({ warning: null });
  }

  /** They have read what there is to say of the ban. */
  dismiss(): void {
    this.#set({ ban: null, isLifted: false });
  }

  #take({ ban, lifted }: BanStanding): void {
    if (this.state.ban?.reference === ban.reference) this.#set({ ban, isLifted: lifted });
  }

  #set(change: Partial<StandingState>): void {
    this.state = { ...this.state, ...change };
    this.emit("state", this.state);
  }
}
