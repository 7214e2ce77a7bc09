// What all clients ask: one question, and one tool.

export const MODEL = "Phi-4-mini";
export const DEPLOYMENT = "phi-4-mini-prod";
export const API_VERSION = "2024-10-21";
export const KEY = "a-key-of-the-test";
export const QUESTION = "Who are you?";
export const MESSAGES = [{ role: "user", content: QUESTION }];
export const TOOL = "weather";
export const SCHEMA = {
  type: "object",
  properties: { city: { type: "string" }, days: { type: "integer" } },
  required: ["city", "days"],
  additionalProperties: false,
};
