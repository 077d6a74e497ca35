/** A text of a stranger's as text: nothing in it is loaded, and links ask first. */
import { askToOpen } from "./LinkDialog";
import { pieces } from "./links";

export const Words = ({ text }: { text: string }) => (
  <>
    {pieces(text).map(({ text: words, url }) =>
      url ? (
        <a
          href={url.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          onClick={(event) => {
            event.preventDefault();
            askToOpen(url);
          }}
        >
          {words}
        </a>
      ) : (
        words
      ),
    )}
  </>
);
