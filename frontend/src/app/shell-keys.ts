import { useHotkeys } from "@mantine/hooks";

/** `?` for the keyboard help, Ctrl+K for the palette; silent while one types. */
export function useShellKeys(open: (what: "palette" | "keyboard") => void): void {
  useHotkeys([
    ["shift+?", () => open("keyboard")],
    ["?", () => open("keyboard")],
  ]);
  // The palette opens from inside a field too.
  useHotkeys([["mod+K", () => open("palette")]], []);
}
