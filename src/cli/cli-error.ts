/**
 * An error of usage or installation: what was wrong and the way out, printed without a stack trace; exit code 2.
 */
import { inert } from "../base/inert.ts";

export class CliError extends Error {
  readonly help: string | null;

  constructor(message: string, help: string | null = null) {
    super(message);
    this.name = "CliError";
    this.help = help;
  }

  /** The message, the places that it names on lines of their own, and the way out; what is foreign in them is inert. */
  render(): string {
    const [message = "", ...places] = this.message.split("\n  --> ");
    const lines = [inert(message), ...places.map((one) => `  --> ${inert(one)}`)];
    if (this.help !== null) lines.push(`  = help: ${inert(this.help)}`);
    return lines.join("\n");
  }
}
