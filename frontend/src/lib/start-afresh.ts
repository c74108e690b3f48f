/** Loads the application anew from its first page: nothing of what was read stays, on the screen or in memory. */
export function startAfresh(): void {
  window.location.assign("/");
}
