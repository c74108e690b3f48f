import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { expect, it } from "vitest";

const styles = join(dirname(createRequire(import.meta.url).resolve("@mantine/core/styles.css")), "styles");
const folder = join(import.meta.dirname, "..");
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(tsx|css)$/.test(file))
  .map((file) => readFileSync(join(folder, file), "utf8"));

it("takes the style of each Mantine component that is drawn", () => {
  const drawn = sources.flatMap((text) =>
    [...text.matchAll(/import \{([^}]*)\} from "@mantine\/core"/g)].flatMap(([, names = ""]) =>
      names.split(",").map((name) => name.trim().replace(/ as .*/, "")),
    ),
  );
  const taken = sources.flatMap((text) => [...text.matchAll(/@mantine\/core\/styles\/(\w+)\.css/g)].map(([, name]) => name));
  const styled = [...new Set(drawn)].filter((name) => existsSync(join(styles, `${name}.css`)));
  expect(styled).toContain("Progress");
  expect(styled.filter((name) => !taken.includes(name))).toEqual([]);
});
