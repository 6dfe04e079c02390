// What the vendor's sample sends, built its own way: JSON.stringify over the request of the API's
// documentation, the phone stripped of every non-digit. Shares no code with the composer.
//
//   node vendor_request.mjs examples        the five filled-in examples → one body a line, in
//                                           hexadecimal
//   node vendor_request.mjs cases < CASES   one case a line: phone, template, namespace, language and
//                                           texts in hexadecimal, separated by spaces → the same
import { readFileSync } from "node:fs";

function body({ phone, template, namespace, language, texts }) {
  return JSON.stringify({
    phone: phone.replace(/\D/g, ""),
    template,
    namespace,
    language: { policy: "deterministic", code: language },
    params: [{ type: "body", parameters: texts.map((text) => ({ type: "text", text })) }],
  });
}

const examples = [
  ["stage_completed", ["Maria", "document upload", "manager review within 2 business days"]],
  ["next_step", ["Maria", "loan application", "upload documents in your account by June 20"]],
  ["action_succeeded", ["Maria", "subscription payment", "Access activated in your account."]],
  ["status_changed", ["Maria", "order #12345", "Shipped"]],
  ["service_changed",
    ["Maria", "home delivery", "New window: June 25 from 10:00 AM to 12:00 PM."]],
].map(([template, texts]) => ({
  phone: "+1 (202) 555-0123", template, namespace: "NS", language: "en", texts,
}));

function cases() {
  const lines = readFileSync(0, "ascii").split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [phone, template, namespace, language, ...texts] = line
      .split(" ").map((hex) => Buffer.from(hex, "hex").toString("utf8"));
    return { phone, template, namespace, language, texts };
  });
}

const wanted = process.argv[2] === "examples" ? examples : cases();
for (const one of wanted) console.log(Buffer.from(body(one), "utf8").toString("hex"));
