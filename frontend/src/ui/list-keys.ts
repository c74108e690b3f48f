import { useHotkeys } from "@mantine/hooks";
import { type RefObject, useRef } from "react";

/** `j` and `k` walk through the links of a list, `/` goes to its search field. Silent while one types. */
export function useListKeys<T extends HTMLElement>(): {
  list: RefObject<T | null>;
  search: RefObject<HTMLInputElement | null>;
} {
  const list = useRef<T>(null);
  const search = useRef<HTMLInputElement>(null);
  const step = (by: 1 | -1) => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>("[data-row-link]") ?? [])];
    if (links.length === 0) return;
    const here = links.indexOf(document.activeElement as HTMLElement);
    const next = here < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + by, 0), links.length - 1);
    links[next]?.focus();
  };
  useHotkeys([
    ["j", () => step(1)],
    ["k", () => step(-1)],
    ["/", () => search.current?.focus()],
    ["shift+/", () => search.current?.focus()],
  ]);
  return { list, search };
}
