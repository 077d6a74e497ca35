/** The chat as a text file, made in the browser and kept by nobody else. */
import { brand } from "./brand";
import { t } from "./language";
import { chat } from "./store";
import { clean } from "./text/clean";

function transcript(): string {
  const { chat: names, transcript: texts } = t.value;
  const { messages, since, gap, discussion } = chat.value;
  const lines = messages.map(({ from, stranger, text, time }) => {
    const name = from === "you" ? names.you : names.stranger(stranger);
    return `[${new Date(time).toLocaleTimeString()}] ${name}: ${clean(text)}`;
  });
  if (gap !== null) lines.splice(gap, 0, names.gap);
  if (discussion) lines.unshift(clean(discussion.question), "");
  const title = texts.title(brand.value.name, new Date(since).toLocaleString());
  return [title, "", ...lines, ""].join("\n");
}

/** Let the browser save it. */
export function saveTranscript(): void {
  const url = URL.createObjectURL(new Blob([transcript()], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  const day = new Date(chat.value.since).toISOString().slice(0, 16).replaceAll(":", "-");
  link.download = `${t.value.transcript.file}-${day}.txt`;
  link.click();
  URL.revokeObjectURL(url);
}
