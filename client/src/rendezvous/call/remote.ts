/** What there is of the stranger's picture and sound. */
import type { Kind, Peer } from "./peer";
import type { Running } from "./signals";

/** A stream of what is received; the one `known` for as long as it has the same tracks. */
export function streamOf({ connection }: Peer, known: MediaStream | null): MediaStream | null {
  if (!connection.remoteDescription) return known;
  const tracks = connection.getReceivers().map(({ track }) => track);
  const before = known?.getTracks();
  const isSame = before?.length === tracks.length && tracks.every((each) => before.includes(each));
  return isSame ? known : new MediaStream(tracks);
}

/** What arrives, as far as the stranger has not said that it is switched off. */
export function arriving(peer: Peer, running: Running): Running {
  const arrives = (kind: Kind): boolean => {
    const track = peer.placeOf(kind)?.receiver.track;
    return track !== undefined && !track.muted && running[kind];
  };
  return { audio: arrives("audio"), video: arrives("video") };
}
