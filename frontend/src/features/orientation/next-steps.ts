import { startPaths } from "../../api/forms";
import type { Outcome, Side } from "./api";

export type NextStep = Outcome["step"]["kind"];

/** Screens that exist. A kind of request that opens its form adds its line here; until then the answer says what to do. */
const online: Record<Side, Partial<Record<NextStep, string>>> = {
  partner: {
    send_file: startPaths.send_file,
    misas_referral: startPaths.misas_referral,
    follow_up: startPaths.follow_up,
    document: startPaths.document,
    contact: startPaths.contact,
    urgent: startPaths.urgent,
    appointment: "/rendez-vous/nouveau",
    ss_referral: "/orientation/service-social",
  },
  agent: { appointment: "/agenda", ss_referral: "/orientation/service-social" },
};

/** Where the next step is done, undefined where nothing is online for this side. */
export const pathOf = (side: Side, step: NextStep): string | undefined => online[side][step];

/** Where a report to the social service is written, once its motive is one that it takes. */
export const ssForm: Partial<Record<Side, string>> = { partner: startPaths.ss_referral };

/** Nothing to open in the portal: the answer itself says what to do. */
export const isElsewhere = (step: NextStep): boolean => step === "outside" || step === "self_service";
