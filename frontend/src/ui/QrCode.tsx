import { useMemo } from "react";

import classes from "./QrCode.module.css";

type Drawing = { viewBox: string; shapes: { d: string; transform?: string; fill?: string; stroke?: string }[] };

/** Takes the shapes out of the server's drawing, so that nothing of it is interpreted as markup and no `data:` image is needed. */
function read(svg: string): Drawing | null {
  const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  if (root.nodeName !== "svg") return null;
  const width = root.getAttribute("width")?.replace(/[^\d.]/g, "") ?? "100";
  const viewBox = root.getAttribute("viewBox") ?? `0 0 ${width} ${width}`;
  const rectangles = [...root.querySelectorAll("rect")].map((rect) => {
    const [x, y, w, h] = ["x", "y", "width", "height"].map((name) => rect.getAttribute(name) ?? "0") as [string, string, string, string];
    return { d: `M${x} ${y}h${w}v${h}h-${w}z`, fill: rect.getAttribute("fill") ?? undefined };
  });
  const paths = [...root.querySelectorAll("path")].map((path) => ({
    d: path.getAttribute("d") ?? "",
    transform: path.getAttribute("transform") ?? undefined,
    fill: path.getAttribute("fill") ?? undefined,
    stroke: path.getAttribute("stroke") ?? undefined,
  }));
  // A white background, in any notation, is drawn by the frame.
  const isBackground = (fill?: string) => fill === "#fff" || fill === "white" || fill === "#ffffff";
  return { viewBox, shapes: [...rectangles, ...paths].filter((shape) => !isBackground(shape.fill)) };
}

export function QrCode({ svg, label }: { svg: string; label: string }) {
  const drawing = useMemo(() => read(svg), [svg]);
  if (!drawing) return null;
  return (
    <svg role="img" aria-label={label} viewBox={drawing.viewBox} className={classes.frame} shapeRendering="crispEdges">
      {drawing.shapes.map((shape, index) => (
        <path
          key={index}
          d={shape.d}
          transform={shape.transform}
          className={shape.stroke && shape.stroke !== "none" ? classes.line : classes.shape}
        />
      ))}
    </svg>
  );
}
