/** ICE servers; TURN credentials among them live for a short time only. */
import type { IceAnswer, Pages } from "./protocol.gen";

/** Null if the server does not answer, or the session is over. */
export async function freshIceServers(
  url: string,
  sessionId: string,
): Promise<Pages["/ice_servers"] | null> {
  try {
    const query = new URLSearchParams({ session_id: sessionId });
    const response = await fetch(`${url}/ice_servers?${query}`, { cache: "no-store" });
    return response.ok ? ((await response.json()) as Pages["/ice_servers"]) : null;
  } catch {
    return null;
  }
}

/** As the browser wants them. */
export function configurationOf(
  ice: Pick<IceAnswer, "ice_servers" | "ice_transport_policy">,
): RTCConfiguration {
  return {
    iceServers: ice.ice_servers.map(({ urls, username, credential }) => ({
      urls,
      ...(username ? { username } : {}),
      ...(credential ? { credential } : {}),
    })),
    iceTransportPolicy: ice.ice_transport_policy,
  };
}
