/** The Socket.IO connection: typed questions with an answer, typed events. */
import { io, type Socket } from "socket.io-client";
import { Emitter } from "./emitter";
import { Refused } from "./errors";
import type { BanNotice, Refusal, ServerEvents, SocketCalls } from "./protocol.gen";
import { waits } from "./retry";

const ANSWER_TIMEOUT = 8_000;

export type ServerEvent = {
  [Name in keyof ServerEvents]: { name: Name; data: ServerEvents[Name] };
}[keyof ServerEvents];

interface LineEvents {
  up: void;
  down: void;
  event: ServerEvent;
  /** The server lets this person not in, or not any more. */
  banned: BanNotice;
}

export class Line extends Emitter<LineEvents> {
  readonly #socket: Socket;
  /** Waits between connections that the server has ended. */
  #waits = waits();
  #return: ReturnType<typeof setTimeout> | undefined;

  /** `url` is the server's origin; without one, the page's own. */
  constructor(url = "") {
    super();
    this.#socket = io(url, {
      autoConnect: false,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 200, // the first; socket.io-client spreads and doubles it
      reconnectionDelayMax: 2_000,
      timeout: ANSWER_TIMEOUT,
    });
    this.#socket.on("connect", () => this.emit("up", undefined));
    this.#socket.on("disconnect", (reason) => {
      this.emit("down", undefined);
      if (reason === "io server disconnect") this.#comeBack();
    });
    this.#socket.on("connect_error", (error: Error & { data?: Partial<Refusal> }) => {
      if (error.data?.ban) this.emit("banned", error.data.ban);
      else if (!this.#socket.active) this.#comeBack();
    });
    this.#socket.onAny((name, data) => {
      this.#waits = waits();
      const event = { name, data } as ServerEvent;
      if (event.name === "banned") this.emit("banned", event.data);
      else this.emit("event", event);
    });
  }

  get isUp(): boolean {
    return this.#socket.connected;
  }

  open(): void {
    this.#socket.connect();
  }

  close(): void {
    clearTimeout(this.#return);
    this.#socket.disconnect();
  }

  /** Drop a link that has gone stale, such as after a change of network, and connect anew. */
  reopen(): void {
    this.close();
    this.open();
  }

  /** Ask and wait for the acknowledgement; throws Refused, or another error if none comes. */
  async ask<Name extends keyof SocketCalls>(
    name: Name,
    request: SocketCalls[Name]["request"],
  ): Promise<SocketCalls[Name]["reply"]> {
    if (!this.isUp) throw new Error("The line is down.");
    type Answer = SocketCalls[Name]["reply"] | Refusal;
    const answer: Answer = await this.#socket.timeout(ANSWER_TIMEOUT).emitWithAck(name, request);
    if ("error" in answer) {
      if (answer.ban) this.emit("banned", answer.ban);
      throw new Refused(answer.code, answer.error, 1_000 * (answer.retry_after ?? 0));
    }
    return answer;
  }

  /** What socket.io-client does not do by itself when it was the server that ended the link. */
  #comeBack(): void {
    clearTimeout(this.#return);
    this.#return = setTimeout(() => this.open(), this.#waits.next().value);
  }
}
