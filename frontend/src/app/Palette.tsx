import { Modal, TextInput } from "@mantine/core";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { useActive } from "../api/active";
import { signOut } from "../api/identity";
import { isDesk } from "../api/partners";
import classes from "./Palette.module.css";

type Entry = { name: string; run: () => void };

const fold = (text: string) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

/** Command palette of agents: type a few letters, arrows, Enter. */
export default function Palette({ onClose, onKeyboard }: { onClose: () => void; onKeyboard: () => void }) {
  const keepsPartners = isDesk(useActive().role);
  const { t } = useTranslation();
  const navigate = useNavigate();
  const list = useId();
  const [typed, setTyped] = useState("");
  const [index, setIndex] = useState(0);
  const go = (path: string) => () => void navigate(path);
  const entries: Entry[] = [
    { name: t("shell.my_day"), run: go("/ma-journee") },
    { name: t("shell.queues"), run: go("/files") },
    ...(keepsPartners ? [{ name: t("shell.structures"), run: go("/structures") }] : []),
    { name: t("shell.works"), run: go("/travaux") },
    { name: t("shell.agenda"), run: go("/agenda") },
    { name: t("shell.orientation"), run: go("/orientation") },
    { name: t("shell.ss_motives"), run: go("/orientation/service-social") },
    { name: t("shell.account"), run: go("/compte") },
    { name: t("shell.keyboard"), run: onKeyboard },
    { name: t("pages.help"), run: go("/aide") },
    { name: t("shell.sign_out"), run: () => void signOut().finally(() => window.location.assign("/connexion")) },
  ];
  const found = entries.filter((entry) => fold(entry.name).includes(fold(typed.trim())));
  const chosen = Math.min(index, found.length - 1);

  function run(entry: Entry | undefined) {
    if (!entry) return;
    onClose();
    entry.run();
  }

  return (
    <Modal opened onClose={onClose} title={t("shell.palette")} yOffset="12vh" centered={false} closeButtonProps={{ "aria-label": t("act.close") }}>
      <TextInput
        aria-label={t("palette.label")}
        placeholder={t("palette.label")}
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={found.length > 0 ? `${list}-${chosen}` : undefined}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setIndex(0);
        }}
        onKeyDown={(event) => {
          const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
          if (step && found.length > 0) {
            event.preventDefault();
            setIndex((chosen + step + found.length) % found.length);
          }
          if (event.key === "Enter") run(found[chosen]);
        }}
      />
      <div id={list} role="listbox" aria-label={t("shell.palette")} className={classes.list}>
        {found.map((entry, position) => (
          <div
            key={entry.name}
            id={`${list}-${position}`}
            role="option"
            tabIndex={-1}
            aria-selected={position === chosen}
            className={classes.entry}
            onMouseMove={() => setIndex(position)}
            onClick={() => run(entry)}
            onKeyDown={(event) => event.key === "Enter" && run(entry)}
          >
            {entry.name}
          </div>
        ))}
      </div>
      <p role="status" className={classes.empty}>
        {found.length === 0 && t("palette.empty")}
      </p>
    </Modal>
  );
}
