/** Why a call did not succeed: the server said no, or nobody answered. */

/** The server refused; `code` is one of docs/protocol.md, the message its sentence. */
export class Refused extends Error {
  readonly code: string;

  constructor(code: string, sentence: string) {
    super(sentence);
    this.code = code;
  }
}

const PASSING = new Set(["unavailable", "internal_error"]);

/** Whether asking again may help: no answer, or a refusal that passes. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof Refused) || PASSING.has(error.code);
}
