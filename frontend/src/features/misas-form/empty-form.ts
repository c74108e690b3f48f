import type { MisasForm } from "./api";

export const emptyForm: MisasForm = {
  scopes: [],
  motives: [],
  renounced_care: [],
  situation_note: null,
  informed: { informed_on: null, agrees_to_be_called: null, channel: null, statement_version: null },
  phone: null,
  best_time: null,
  detector_note: null,
};
