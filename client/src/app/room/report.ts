/** What is being written about the stranger, until the moderators have it. */
import { signal } from "@preact/signals";
import type { Reason, Report } from "../../rendezvous";
import { snapshot } from "../snapshot";
import { call, chat, client, part, reference } from "../store";
import { strangerVideo } from "./StrangerVideo";

export interface Form {
  reason: Reason | null;
  comment: string;
  /** The stranger, or who has asked the question. */
  about: NonNullable<Report["about"]>;
  /** The stranger as seen when the form was opened; sent only if `attaches`. */
  picture: string | null;
  attaches: boolean;
  blocks: boolean;
  stage: "writing" | "incomplete" | "sending" | "failed" | "sent";
}

export const form = signal<Form | null>(null);

export function openReport(): void {
  const picture = call.value.strangerHas.video ? snapshot(strangerVideo.current) : null;
  form.value = {
    reason: null,
    comment: "",
    about: "stranger",
    picture,
    attaches: false,
    blocks: true,
    stage: "writing",
  };
}

export const change = (changed: Partial<Form>): void => {
  if (form.value) form.value = { ...form.value, ...changed };
};

export const closeReport = (): void => {
  form.value = null;
};

export async function send(filled: Form): Promise<void> {
  const { reason, comment, about, picture, attaches } = filled;
  const blocks = filled.blocks && about === "stranger";
  if (!reason) return change({ stage: "incomplete" });
  change({ stage: "sending" });
  const screenshot = attaches ? picture : null;
  try {
    reference.value = await client.report({ reason, comment: comment.trim(), screenshot, about });
    change({ stage: "sent" });
    if (blocks && chat.value.blocking === null) part("block");
  } catch (error) {
    console.warn("The report was not taken:", error);
    change({ stage: "failed" });
  }
}
