import { useMutation, useQueryClient } from "@tanstack/react-query";

import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { refreshDetections } from "./api";

/** An act on a campaign or a detection: says it is done and brings every list up to date. */
export function useAct<Given, Done>(act: (given: Given) => Promise<Done>, done: string, onDone: (result: Done) => void) {
  const queryClient = useQueryClient();
  const mutation = useMutation({
    mutationFn: act,
    onSuccess: async (result) => {
      announce(done);
      onDone(result);
      await refreshDetections(queryClient);
    },
    onError: (error) => {
      // A colleague acted before: show what they did behind the refusal.
      if ([409, 412].includes(asProblem(error).status)) void refreshDetections(queryClient);
    },
  });
  return { ...mutation, problem: mutation.error ? asProblem(mutation.error) : null };
}
