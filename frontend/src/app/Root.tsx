import { Suspense } from "react";
import { Outlet, ScrollRestoration } from "react-router";

import { Announcer } from "../ui/Announcer";
import { Waiting } from "../ui/Waiting";
import { Interruptions } from "./Interruptions";

export function Root() {
  return (
    <>
      <Suspense fallback={<Waiting />}>
        <Outlet />
      </Suspense>
      <Announcer />
      <Interruptions />
      <ScrollRestoration />
    </>
  );
}
