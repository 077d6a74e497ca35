/** What an operator may change without building: config.json (and brand.css for the looks). */
import { signal } from "@preact/signals";

export interface Brand {
  name: string;
  /** Where reports go: an http(s) or mailto address, or "" for nowhere. */
  report_contact: string;
}

export const brand = signal<Brand>({ name: "Rendezvous", report_contact: "" });

const text = (value: unknown, otherwise: string): string =>
  typeof value === "string" && value ? value : otherwise;

/** Read config.json; without a readable one, the page keeps its own name. */
export async function loadBrand(): Promise<void> {
  try {
    const response = await fetch(`${import.meta.env.BASE_URL}config.json`);
    const read = (await response.json()) as Partial<Record<keyof Brand, unknown>>;
    const contact = text(read.report_contact, "");
    brand.value = {
      name: text(read.name, brand.value.name),
      report_contact: /^(https?|mailto):/.test(contact) ? contact : "",
    };
  } catch (error) {
    console.warn("config.json cannot be read:", error);
  }
}
