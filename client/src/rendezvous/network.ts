/** Changes of the network that this device is on. */

interface Connection extends EventTarget {
  readonly type?: string;
}

/** Call `changed` when the device is online again or on another network. */
export function onNetworkChange(changed: () => void): void {
  addEventListener("online", changed);
  const connection = (navigator as { connection?: Connection }).connection;
  let type = connection?.type;
  connection?.addEventListener("change", () => {
    // It also fires for estimates of speed, which mean nothing here.
    if (connection.type !== type) changed();
    type = connection.type;
  });
}
