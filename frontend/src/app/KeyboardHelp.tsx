import { Kbd, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";

import "@mantine/core/styles/Kbd.css";

import classes from "./KeyboardHelp.module.css";

export default function KeyboardHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const lines: [string[], string][] = [
    [["j"], t("keyboard.next")],
    [["k"], t("keyboard.previous")],
    [["Entrée"], t("keyboard.open")],
    [["/"], t("keyboard.search")],
    [["Ctrl + K"], t("keyboard.palette")],
    [["?"], t("keyboard.help")],
  ];
  return (
    <Modal opened onClose={onClose} title={t("keyboard.title")} closeButtonProps={{ "aria-label": t("act.close") }}>
      <dl className={classes.keys}>
        {lines.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key} size="md">
                  {key}
                </Kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
