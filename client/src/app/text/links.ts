/** Finding http(s) addresses in a text; no other scheme ever becomes a link. */

export type Piece = { text: string; url: URL | null };

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]+/gi;
const TRAILING = /[.,;:!?)\]}]+$/;

/** The text in pieces, those with a `url` being links. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "");
    const url = parse(address);
    if (!url) continue;
    found.push({ text: text.slice(end, match.index), url: null }, { text: address, url });
    end = match.index + address.length;
  }
  found.push({ text: text.slice(end), url: null });
  return found.filter((piece) => piece.text);
}

/** A link without a password part, which only serves to make it look like another. */
function parse(address: string): URL | null {
  try {
    const url = new URL(address);
    return url.username || url.password ? null : url;
  } catch {
    return null;
  }
}
