import js from "@eslint/js";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import i18next from "eslint-plugin-i18next";
import importX from "eslint-plugin-import-x";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import { readdirSync } from "node:fs";
import tseslint from "typescript-eslint";

const features = readdirSync("src/features", { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

// Imports go one way: app → features → ui → api, i18n → lib. A feature never imports another feature.
const zones = [
  ...features.map((name) => ({
    target: `./src/features/${name}`,
    from: "./src/features",
    except: [`./${name}`],
    message: "A feature does not import another: move what is shared to ui, api or lib.",
  })),
  { target: "./src/features", from: "./src/app", message: "Features do not know the application." },
  {
    target: ["./src/ui", "./src/api", "./src/i18n", "./src/lib"],
    from: ["./src/features", "./src/app"],
    message: "Shared code does not know the features.",
  },
  {
    target: ["./src/api", "./src/i18n", "./src/lib"],
    from: "./src/ui",
    message: "ui stands above api, i18n and lib.",
  },
  {
    target: "./src/lib",
    from: ["./src/api", "./src/i18n"],
    message: "lib is pure: it imports nothing of ours.",
  },
];

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.ts"] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ["*.js", "scripts/*.mjs"] } },
      globals: { process: "readonly", console: "readonly", URL: "readonly" },
    },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver()] },
    plugins: { "import-x": importX },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/ban-ts-comment": ["error", { minimumDescriptionLength: 10 }],
      // Refusals travel as problem documents, the way the generated client throws them.
      "@typescript-eslint/only-throw-error": ["error", { allow: [{ from: "file", name: "Problem" }] }],
      "import-x/no-restricted-paths": ["error", { zones }],
      "import-x/no-cycle": "error",
      "no-restricted-syntax": [
        "error",
        {
          selector: "ExportAllDeclaration",
          message: "No barrel files: import from the file that defines it.",
        },
      ],
      "no-console": "error",
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["src/**/*.tsx"],
    plugins: { i18next, "jsx-a11y": jsxA11y, "react-hooks": reactHooks },
    rules: {
      ...jsxA11y.flatConfigs.recommended.rules,
      ...reactHooks.configs.recommended.rules,
      "jsx-a11y/no-autofocus": "off",
      "max-lines-per-function": ["error", { max: 150, skipBlankLines: true, skipComments: true }],
      "i18next/no-literal-string": [
        "error",
        {
          mode: "jsx-only",
          "jsx-attributes": {
            include: ["label", "aria-label", "title", "placeholder", "description", "alt", "help", "error"],
          },
          words: { exclude: ["[^\\p{L}]+", "Aller-vers"] },
          message: "Texts live in the catalogue (src/i18n/fr): use t().",
        },
      ],
    },
  },
  {
    files: ["src/**/*.test.{ts,tsx}", "src/testing/**"],
    rules: { "i18next/no-literal-string": "off", "max-lines-per-function": "off" },
  },
  { files: ["**/*.{js,mjs}"], ...tseslint.configs.disableTypeChecked },
  { files: ["scripts/**"], rules: { "no-console": "off" } },
);
