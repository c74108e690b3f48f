/** Where each audience lands after sign-in. Officers and pilots get screens of their own later. */
export function homeOf(audience: string): string {
  if (audience === "partner") return "/accueil";
  if (audience === "agent") return "/ma-journee";
  return "/compte";
}
