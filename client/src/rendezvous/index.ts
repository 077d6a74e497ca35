/** A client of Rendezvous without a user interface; docs/client.md shows how to use it. */
export { type CallState, NO_CALL } from "./call/call";
export { type Device, LocalMedia, type MediaState, type Problem } from "./call/media";
export type { Path } from "./call/path";
export type { Kind } from "./call/peer";
export type { CallLink } from "./call/recovery";
export { Rendezvous } from "./client";
export { crowd, topics } from "./crowd";
export { Refused } from "./errors";
export type { Meeting } from "./meetings";
export type { Reason, Report } from "./report";
export type { StandingState } from "./standing";
export * from "./state";
