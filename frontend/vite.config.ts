import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const pure = ["src/lib/**/*.test.ts", "src/i18n/**/*.test.ts", "src/**/draft-saver.test.ts"];
const gateway = process.env.ALLER_GATEWAY ?? "http://localhost:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "dist",
    target: "es2022",
    // A strict content security policy allows neither data: fonts nor data: scripts.
    assetsInlineLimit: 0,
    sourcemap: false,
  },
  server: {
    port: 5173,
    proxy: { "/api": { target: gateway, changeOrigin: false } },
  },
  test: {
    css: false,
    pool: "threads",
    // Generous: the machine that checks a change may be busy with other suites.
    testTimeout: 30_000,
    alias: {
      // One file instead of six thousand: halves the time of the suite.
      "@tabler/icons-react": fileURLToPath(
        new URL("node_modules/@tabler/icons-react/dist/cjs/tabler-icons-react.cjs", import.meta.url),
      ),
    },
    projects: [
      {
        extends: true,
        // Pure code needs no browser, which is most of a test's time.
        test: { name: "pure", environment: "node", include: pure },
      },
      {
        extends: true,
        test: {
          name: "screens",
          environment: "jsdom",
          setupFiles: ["src/testing/setup.ts"],
          include: ["src/**/*.test.{ts,tsx}"],
          exclude: pure,
        },
      },
    ],
  },
});
