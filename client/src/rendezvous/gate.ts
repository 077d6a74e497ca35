/** A door that is open or shut, and those who wait before it. */

export class Gate {
  #opened: Promise<void>;
  #open!: () => void;
  isOpen = false;

  constructor() {
    this.#opened = this.#shutPromise();
  }

  open(): void {
    this.isOpen = true;
    this.#open();
  }

  shut(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#opened = this.#shutPromise();
  }

  /** Resolves once it is open, in the order of asking. */
  async passed(): Promise<void> {
    while (!this.isOpen) await this.#opened;
  }

  #shutPromise(): Promise<void> {
    return new Promise((resolve) => {
      this.#open = resolve;
    });
  }
}
