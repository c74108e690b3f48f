import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { Navigate, Outlet, useParams } from "react-router";

import type { AnyForm } from "../../api/forms";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { type Draft, draft, saveForm } from "./api";
import { Conflict } from "./Conflict";
import { DraftContext } from "./draft-context";
import { DraftSaver } from "./draft-saver";

/** Loads a draft once and holds it for the steps of the form. */
export default function DraftLayout() {
  const { requestId = "" } = useParams();
  const request = useQuery(draft(requestId));
  if (request.isPending) return <Waiting rows={8} />;
  if (request.isError) return <ProblemScreen error={request.error} retry={() => void request.refetch()} />;
  const { data } = request;
  if (data.state !== "draft" || !data.form) return <Navigate to={`/demandes/${requestId}`} replace />;
  // An urgent draft may become an ordinary one: another form, and another saver.
  return <HeldDraft key={`${requestId} ${data.kind}`} request={data} form={data.form} again={request.refetch} />;
}

type Props = { request: Draft; form: AnyForm; again: () => Promise<unknown> };

function HeldDraft({ request, form, again }: Props) {
  const queryClient = useQueryClient();
  const held = useMemo(
    () => ({
      request,
      again,
      saver: new DraftSaver(
        form,
        request.version,
        (version, changed) => saveForm(request.id, version, changed),
        request.warnings,
      ),
    }),
    // One saver for the life of the page: a later answer must not replace what is being typed.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see above
    [request.id],
  );

  useEffect(() => {
    const { saver } = held;
    const sendNow = () => {
      if (document.visibilityState === "hidden") saver.flush().catch(() => undefined);
    };
    document.addEventListener("visibilitychange", sendNow);
    return () => {
      document.removeEventListener("visibilitychange", sendNow);
      // Lists show the draft as it now stands.
      saver
        .flush()
        .catch(() => undefined)
        .finally(() => void queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/referrals/partner/requests"] }));
    };
  }, [held, queryClient]);

  return (
    <DraftContext value={held}>
      <Conflict />
      <Outlet />
    </DraftContext>
  );
}
