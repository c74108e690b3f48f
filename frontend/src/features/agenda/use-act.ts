import { useMutation, useQueryClient } from "@tanstack/react-query";

import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { refreshAgenda } from "./api";

/** An act on the agenda: says it is done, closes its dialog, shows the week as it has become. */
export function useAct<Given>(act: (given: Given) => Promise<unknown>, done: string, onClose: () => void) {
  const queryClient = useQueryClient();
  const mutation = useMutation({
    mutationFn: act,
    onSuccess: async () => {
      announce(done);
      onClose();
      await refreshAgenda(queryClient);
    },
    onError: () => void refreshAgenda(queryClient),
  });
  return { ...mutation, problem: mutation.error ? asProblem(mutation.error) : null };
}
