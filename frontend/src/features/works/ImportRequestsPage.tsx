import { ImportPage } from "./ImportPage";

const modes = ["draft", "file"] as const;

export default function ImportRequestsPage() {
  return <ImportPage kind="requests.import" modes={modes} />;
}
