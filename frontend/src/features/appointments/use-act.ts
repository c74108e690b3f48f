import { useMutation, useQueryClient } from "@tanstack/react-query";

import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { refreshAppointments } from "./api";

/** A change of an appointment: says it is done, closes its dialog, brings the list up to date. */
export function useAct<Given>(act: (given: Given) => Promise<unknown>, done: string, onClose: () => void) {
  const queryClient = useQueryClient();
  const mutation = useMutation({
    mutationFn: act,
    onSuccess: async () => {
      announce(done);
      onClose();
      await refreshAppointments(queryClient);
    },
    onError: () => void refreshAppointments(queryClient),
  });
  return { ...mutation, problem: mutation.error ? asProblem(mutation.error) : null };
}
