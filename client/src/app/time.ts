/** Times as people read them. */
import { t } from "./language";

/** Minutes and seconds. */
export function minutes(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export const clock = (time: number): string =>
  new Date(time).toLocaleTimeString(t.value.language.code, { hour: "2-digit", minute: "2-digit" });
