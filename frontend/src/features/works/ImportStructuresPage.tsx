import { ImportPage } from "./ImportPage";

const modes = ["prospect", "registration"] as const;

export default function ImportStructuresPage() {
  return <ImportPage kind="structures.import" modes={modes} />;
}
