/**
 * An error of usage or installation: what was wrong and the way out, printed without a stack trace; exit code 2.
 */
export class CliError extends Error {
  readonly help: string | null;

  constructor(message: string, help: string | null = null) {
    super(message);
    this.name = "CliError";
    this.help = help;
  }
}
