import { type ButtonProps, createTheme, type CSSVariablesResolver } from "@mantine/core";

import { cssVariables, dark, light, redShades, tealShades } from "./tokens";

const size = (pixels: number) => `${pixels / 16}rem`;

export const theme = createTheme({
  colors: { teal: tealShades, red: redShades },
  primaryColor: "teal",
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  fontFamily: "'Atkinson Hyperlegible Next', system-ui, sans-serif",
  fontSizes: { xs: size(14), sm: size(14), md: size(16), lg: size(18), xl: size(22) },
  lineHeights: { xs: "1.45", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.35" },
  headings: {
    fontWeight: "700",
    sizes: {
      h1: { fontSize: size(28), lineHeight: "1.25" },
      h2: { fontSize: size(22), lineHeight: "1.3" },
      h3: { fontSize: size(18), lineHeight: "1.4" },
      h4: { fontSize: size(16), lineHeight: "1.5" },
    },
  },
  spacing: { xs: size(8), sm: size(12), md: size(16), lg: size(24), xl: size(40) },
  defaultRadius: "sm",
  radius: { xs: size(3), sm: size(6), md: size(10) },
  cursorType: "pointer",
  respectReducedMotion: true,
  activeClassName: "",
  // Plain objects rather than `Component.extend`: naming a component here would bring it to the first page.
  components: {
    Button: {
      defaultProps: { size: "md" },
      vars: (_theme: unknown, props: ButtonProps) => ({
        root: (props.variant ?? "filled") === "filled" ? { "--button-color": "var(--av-on-primary)" } : {},
      }),
    },
    Anchor: { defaultProps: { underline: "always" } },
    InputWrapper: {
      defaultProps: { inputWrapperOrder: ["label", "description", "error", "input"], size: "md" },
    },
    Input: { defaultProps: { size: "md" } },
    Checkbox: { defaultProps: { size: "md" } },
    Radio: { defaultProps: { size: "md" } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.45 },
        transitionProps: { duration: 0 },
        // A dialog's header is no banner of the page.
        attributes: { header: { role: "presentation" } },
      },
    },
    Paper: { defaultProps: { radius: "md" } },
  },
});

const mantineNames = (tokens: typeof light): Record<string, string> => ({
  "--mantine-color-body": tokens.paper,
  "--mantine-color-text": tokens.ink,
  "--mantine-color-dimmed": tokens.inkSoft,
  "--mantine-color-placeholder": tokens.inkSoft,
  "--mantine-color-error": tokens.danger,
  "--mantine-color-anchor": tokens.primary,
  "--mantine-color-default": tokens.card,
  "--mantine-color-default-hover": tokens.sunken,
  "--mantine-color-default-color": tokens.ink,
  "--mantine-color-default-border": tokens.line,
  "--mantine-color-teal-filled": tokens.primary,
  "--mantine-color-teal-filled-hover": tokens.primaryHover,
  "--mantine-color-red-filled": tokens.danger,
  "--mantine-color-red-filled-hover": tokens.danger,
  "--mantine-color-teal-light": tokens.primaryTint,
  "--mantine-color-teal-light-hover": tokens.primaryTint,
  "--mantine-color-teal-light-color": tokens.primary,
  "--mantine-color-teal-outline": tokens.primary,
  "--mantine-primary-color-filled": tokens.primary,
  "--mantine-primary-color-contrast": tokens.onPrimary,
});

export const variables: CSSVariablesResolver = () => ({
  variables: { "--mantine-scale": "1" },
  light: { ...cssVariables(light), ...mantineNames(light) },
  dark: { ...cssVariables(dark), ...mantineNames(dark) },
});
