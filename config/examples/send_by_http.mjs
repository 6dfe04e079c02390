#!/usr/bin/env node
// Hands one message to the agent's loopback port (intake.http), by Node.js alone (18 or newer).
//
//   send_by_http.mjs KEY TO STATUS       such as: send_by_http.mjs order-12345-shipped 12025550123 Shipped
//
// The token that `fieldpost app add` showed is in $TOKEN_FILE, of mode 600. The key is the name of what
// happened: whoever asks again with it, after a lost answer or a power cut, gets the same message and the
// customer none twice.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const { URL: url = "http://127.0.0.1:8040", TOKEN_FILE: file = "/etc/fieldpost-app/token" } = process.env;
const token = readFileSync(file, "utf8").trim();
const TRIES = 10;

/** The agent's answer; nothing where to try again. */
async function handIn(message) {
  try {
    const answer = await fetch(`${url}/v1/messages`, {
      method: "POST",
      headers: { "Authorization": `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(30_000),
    });
    const again = answer.status === 429 || answer.status >= 500;
    return again ? undefined : await answer.json();
  } catch {
    return undefined; // it starts, or its answer was lost: the key makes asking again safe
  }
}

const [key, to, status] = process.argv.slice(2);
const message = { scenario: "status-changed", to, key,
                  fields: { customerName: "Maria", process: "your order", status } };
let answer;
for (let attempt = 0; attempt < TRIES && answer === undefined; ++attempt) {
  if (attempt > 0) await sleep(Math.min(2 ** attempt, 60) * 1000);
  answer = await handIn(message);
}
if (answer !== undefined) console.log(JSON.stringify(answer));
process.exitCode = answer === undefined ? 75 : answer.ok ? 0 : 1;
