import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

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
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    css: false,
    pool: "threads",
    alias: {
      // One file instead of six thousand: halves the time of the suite.
      "@tabler/icons-react": fileURLToPath(
        new URL("node_modules/@tabler/icons-react/dist/cjs/tabler-icons-react.cjs", import.meta.url),
      ),
    },
  },
});
