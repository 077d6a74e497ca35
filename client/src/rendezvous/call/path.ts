/** How the two are connected, told by the statistics. */

export type Path = "direct" | "relayed";

interface Pair {
  id: string;
  type: string;
  state?: string;
  nominated?: boolean;
  localCandidateId?: string;
  remoteCandidateId?: string;
  selectedCandidatePairId?: string;
  candidateType?: string;
}

/** Whether media goes straight or by a relay; null while nothing is selected. */
export async function pathOf(connection: RTCPeerConnection): Promise<Path | null> {
  const stats = new Map<string, Pair>();
  (await connection.getStats()).forEach((entry: Pair) => stats.set(entry.id, entry));
  const all = [...stats.values()];
  const selected = all.find(({ selectedCandidatePairId }) => selectedCandidatePairId);
  // Firefox has no transport statistics; there the nominated pair that succeeded is the one.
  const pair =
    stats.get(selected?.selectedCandidatePairId ?? "") ??
    all.find((each) => each.type === "candidate-pair" && each.nominated && each.state === "succeeded");
  if (!pair) return null;
  const ends = [pair.localCandidateId, pair.remoteCandidateId].map((id) => stats.get(id ?? ""));
  return ends.some((end) => end?.candidateType === "relay") ? "relayed" : "direct";
}
