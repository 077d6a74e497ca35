/** Times as people read them. */
import { t } from "./language";

/** Minutes and seconds. */
export function minutes(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A length of time in words, as exactly as somebody who waits wants to know it. */
export function roughly(seconds: number): string {
  const [count, unit] =
    seconds < 60 ? [5 * Math.max(1, Math.ceil(seconds / 5)), "second"] : [Math.round(seconds / 60), "minute"];
  const format = { style: "unit", unit, unitDisplay: "long" } as const;
  return new Intl.NumberFormat(t.value.language.code, format).format(count);
}

const DAY = { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" } as const;

export const day = (time: number): string =>
  new Date(time).toLocaleString(t.value.language.code, DAY);

export const clock = (time: number): string =>
  new Date(time).toLocaleTimeString(t.value.language.code, { hour: "2-digit", minute: "2-digit" });
