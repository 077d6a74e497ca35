/** Where the focus goes when a screen appears. */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Focus the element once it is there, if `isWanted` then. */
export function useFocusOnArrival<Target extends HTMLElement>(
  isWanted = true,
): RefObject<Target | null> {
  const target = useRef<Target>(null);
  useEffect(() => {
    if (isWanted) target.current?.focus({ preventScroll: true });
  }, []);
  return target;
}
