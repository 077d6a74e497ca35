/** Why a call did not succeed: the server said no, or nobody answered. */

/** The server refused; `code` is one of docs/protocol.md, the message its sentence. */
export class Refused extends Error {
  readonly code: string;
  /** How long the server asks to wait before another try, milliseconds; 0 if it does not say. */
  readonly retryAfter: number;

  constructor(code: string, sentence: string, retryAfter = 0) {
    super(sentence);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

const PASSING = new Set(["unavailable", "internal_error", "rate_limited", "proof_required", "token_in_use"]);

/** Whether asking again may help: no answer, or a refusal that passes. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof Refused) || PASSING.has(error.code);
}
