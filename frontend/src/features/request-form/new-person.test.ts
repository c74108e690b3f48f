import { expect, test } from "vitest";

import { blankPerson, toPersonIn } from "./new-person";

test("a child without a readable date is asked about, never left out", () => {
  const typed = { ...blankPerson(null), children: ["2019-04-02", null] };
  expect(toPersonIn(typed).household.children).toEqual([{ birth_on: "2019-04-02" }, { birth_on: "" }]);
});
