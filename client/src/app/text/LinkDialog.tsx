/** The question before a stranger's link is opened. */
import { signal } from "@preact/signals";
import { Dialog } from "../Dialog";
import { t } from "../language";

const asked = signal<URL | null>(null);

export function askToOpen(url: URL): void {
  asked.value = url;
}

export const LinkDialog = () => {
  const url = asked.value;
  const close = (): void => {
    asked.value = null;
  };
  if (!url) return null;
  const { title, text, open, cancel } = t.value.link;
  return (
    <Dialog title={title} onClose={close}>
      <p>{text}</p>
      {/* The host as the browser reads it: look-alike letters show as xn--. */}
      <p class="address">
        <strong>{url.host}</strong>
        {url.pathname}
        {url.search}
      </p>
      <div class="dialog-buttons">
        <button type="button" class="button quiet" onClick={close}>
          {cancel}
        </button>
        <a
          class="button primary"
          href={url.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          onClick={() => setTimeout(close)}
        >
          {open}
        </a>
      </div>
    </Dialog>
  );
};
