import { useParams } from "react-router";

import { ImportPage } from "./ImportPage";

/** The list of a campaign: what it is imported into stands in the address. */
export default function ImportDetectionsPage() {
  const { campaignId = "" } = useParams();
  return <ImportPage kind="detections.import" modes={[campaignId]} />;
}
