import { useSearchParams } from "react-router";

/** Filters, sort and cursor of a list live in the address: a list can be sent, kept and found again. */
export function useUrlState() {
  const [search, setSearch] = useSearchParams();
  return {
    get: (name: string): string | undefined => search.get(name) || undefined,
    /** One of the values allowed, else undefined: an address can be typed by hand. */
    oneOf: <T extends string>(name: string, values: readonly T[]): T | undefined =>
      values.find((value) => value === search.get(name)),
    /** Changes some of them; anything but the cursor itself leads back to the first page. */
    set: (changes: Record<string, string | undefined>, { replace = false } = {}) => {
      const next = new URLSearchParams(search);
      if (!("page" in changes)) next.delete("page");
      for (const [name, value] of Object.entries(changes)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      setSearch(next, { replace, preventScrollReset: true });
    },
    search,
  };
}
