export type FieldProblem = { field: string; message: string };

/** RFC 9457 problem document, as every service renders it. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
  txn?: string;
  rule?: string;
  errors?: FieldProblem[];
  [member: string]: unknown;
};

export function isProblem(value: unknown): value is Problem {
  return (
    typeof value === "object" && value !== null && "type" in value && "status" in value && "title" in value
  );
}

/** `step-up-required` of `/problems/step-up-required`. */
export function slugOf(problem: Problem): string {
  return problem.type.slice(problem.type.lastIndexOf("/") + 1);
}

export function asProblem(error: unknown): Problem {
  if (isProblem(error)) return error;
  return {
    type: "/problems/unexpected",
    title: "Une erreur inattendue est survenue",
    status: 500,
    detail: "Réessayez. Si cela continue, écrivez à votre caisse en précisant l’heure.",
  };
}

/** Messages by field name; a server may prefix a field with `body.`. */
export function fieldErrors(problem: Problem | null | undefined): Record<string, string> {
  const entries = (problem?.errors ?? []).map(({ field, message }) => [field.replace(/^body\./, ""), message]);
  return Object.fromEntries(entries) as Record<string, string>;
}
