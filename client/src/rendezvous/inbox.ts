/** The numbered inbox: hands events on once each, in order, without holes. */

export class Inbox<Entry> {
  /** The number of the last event that was handed on. */
  last: number;
  readonly #early = new Map<number, Entry>();
  #maySkip = false;

  constructor(last = 0) {
    this.last = last;
  }

  /** Whether something is missing before an event that has come. */
  get hasHole(): boolean {
    return this.#early.size > 0;
  }

  /** Take in an event; what may be handled now comes back, in order. */
  accept(seq: number, entry: Entry): Entry[] {
    if (seq <= this.last) return [];
    if (this.#maySkip) this.last = seq - 1;
    this.#maySkip = false;
    this.#early.set(seq, entry);
    return this.#ready();
  }

  /** The server does not keep all that is missing: go on from its `lastSeq`, with what comes next. */
  skip(lastSeq: number): void {
    // What came early is among what it keeps, which it sends anew.
    this.#early.clear();
    this.last = Math.min(this.last, lastSeq);
    this.#maySkip = true;
  }

  #ready(): Entry[] {
    const ready: Entry[] = [];
    for (let next = this.#take(); next !== undefined; next = this.#take()) ready.push(next);
    return ready;
  }

  #take(): Entry | undefined {
    const next = this.#early.get(this.last + 1);
    if (next !== undefined) this.#early.delete(++this.last);
    return next;
  }
}
