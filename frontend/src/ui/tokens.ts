/** Every colour of the application. Nothing else may name one. Contrast on paper and on tints is at least 4.5 (7 for `primary`). */

type Tokens = {
  ink: string;
  inkSoft: string;
  paper: string;
  card: string;
  sunken: string;
  line: string;
  lineSoft: string;
  primary: string;
  primaryHover: string;
  primaryTint: string;
  onPrimary: string;
  turn: string;
  turnTint: string;
  danger: string;
  dangerTint: string;
  done: string;
  doneTint: string;
  info: string;
  infoTint: string;
  neutralTint: string;
  focus: string;
};

export const light: Tokens = {
  ink: "#16232e",
  inkSoft: "#4a5863",
  paper: "#fbfaf7",
  card: "#ffffff",
  sunken: "#f1efe8",
  line: "#7d8890",
  lineSoft: "#dedbd2",
  primary: "#0b5a58",
  primaryHover: "#08494a",
  primaryTint: "#e3efee",
  onPrimary: "#ffffff",
  turn: "#7a4a00",
  turnTint: "#fdf0d5",
  danger: "#a4201c",
  dangerTint: "#fbe6e3",
  done: "#22623a",
  doneTint: "#e4f1e7",
  info: "#1f4f86",
  infoTint: "#e5edf6",
  neutralTint: "#eceae3",
  focus: "#1f4f86",
};

export const dark: Tokens = {
  ink: "#ece9e2",
  inkSoft: "#a9b4bb",
  paper: "#11191f",
  card: "#18222a",
  sunken: "#0c1317",
  line: "#6d7d88",
  lineSoft: "#2b3740",
  primary: "#7cd0c8",
  primaryHover: "#9adfd8",
  primaryTint: "#12302f",
  onPrimary: "#0c1317",
  turn: "#f0b95a",
  turnTint: "#33260f",
  danger: "#f59a90",
  dangerTint: "#3b1c1a",
  done: "#86cf9b",
  doneTint: "#15301f",
  info: "#93bdf0",
  infoTint: "#172a40",
  neutralTint: "#222d36",
  focus: "#93bdf0",
};

/** Mantine wants ten shades; the interface only uses the seventh and eighth in light, the third in dark. */
export const tealShades = [
  "#e3efee",
  "#c3dedc",
  "#9adfd8",
  "#7cd0c8",
  "#4fa7a1",
  "#2b847f",
  "#0f6a67",
  "#0b5a58",
  "#08494a",
  "#063839",
] as const;

export const redShades = [
  "#fbe6e3",
  "#f7c9c4",
  "#f7b1a9",
  "#f59a90",
  "#dd6a60",
  "#c4453d",
  "#b22f29",
  "#a4201c",
  "#881815",
  "#6b110f",
] as const;

export function cssVariables(tokens: Tokens): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tokens).map(([name, value]) => [
      `--av-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      value,
    ]),
  );
}
