// The page's scripts run one after the other in one <script>, without a build step. Each says at
// its head what it takes from the others (`global`) and what they may take from it (`exported`);
// anything else that isn't its own is an error here.
import js from "@eslint/js";

const BROWSER = [
  "Blob", "DOMPoint", "DecompressionStream", "Element", "ResizeObserver", "Response", "SVGSVGElement", "URLSearchParams",
  "atob", "cancelAnimationFrame", "clearInterval", "clearTimeout", "document", "getComputedStyle",
  "history", "location", "performance", "requestAnimationFrame", "setInterval", "setTimeout",
  "window",
];

export default [
  js.configs.recommended,
  {
    files: ["**/*.js"],
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "script",
      globals: Object.fromEntries(BROWSER.map((name) => [name, "readonly"])),
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^(_|y)$" }],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
];
