import { useMutation, useQueryClient } from "@tanstack/react-query";

import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { refreshRequests } from "./api";

/** An act on the request: says it is done, closes its dialog, brings everything up to date. */
export function useAct<Given>(act: (given: Given) => Promise<unknown>, done: string, onDone: () => void = () => undefined) {
  const queryClient = useQueryClient();
  const mutation = useMutation({
    mutationFn: act,
    onSuccess: async () => {
      announce(done);
      onDone();
      await refreshRequests(queryClient);
    },
    onError: (error) => {
      // The caisse acted before: show what it did behind the refusal.
      if ([409, 412].includes(asProblem(error).status)) void refreshRequests(queryClient);
    },
  });
  return { ...mutation, problem: mutation.error ? asProblem(mutation.error) : null };
}
