/** Tokens of the demo's people. Yours come from the operator's provider. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const COMMAND = process.env["TOKEN_COMMAND"] ?? ".venv/bin/support-api token --as";

export async function token(who: string): Promise<string> {
  const [program = "", ...words] = COMMAND.split(" ");
  const { stdout } = await promisify(execFile)(program, [...words, who]);
  return stdout.trim();
}
