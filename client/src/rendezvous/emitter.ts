/** Typed events without the DOM. */

type Listener<Data> = (data: Data) => void;

export class Emitter<Events> {
  readonly #listeners: { [Name in keyof Events]?: Set<Listener<Events[Name]>> } = {};

  /** Listen; the returned function ends it. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const listeners = (this.#listeners[name] ??= new Set());
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  protected emit<Name extends keyof Events>(name: Name, data: Events[Name]): void {
    this.#listeners[name]?.forEach((listener) => listener(data));
  }
}
