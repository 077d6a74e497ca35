/** The time, for what counts up or down on the page. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** Milliseconds since 1970; the component is drawn anew every second. */
export function useNow(): number {
  const now = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = Date.now();
    }, 1_000);
    return () => clearInterval(timer);
  }, []);
  return now.value;
}
