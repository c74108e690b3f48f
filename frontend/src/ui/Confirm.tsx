import { Button, Group, Modal, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Problem } from "../lib/problem";
import { ProblemSummary } from "./ProblemSummary";

type Props = {
  opened: boolean;
  title: string;
  children: ReactNode;
  confirm: string;
  danger?: boolean;
  disabled?: boolean;
  pending?: boolean;
  problem?: Problem | null;
  fields?: Record<string, string>;
  onConfirm: () => void;
  onClose: () => void;
};

/** Before an act that leaves the house or cannot be undone: what will happen, to whom, then the choice. */
export function Confirm({ opened, title, children, confirm, danger, disabled, pending, problem, fields, onConfirm, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="lg" closeButtonProps={{ "aria-label": t("act.close") }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm();
        }}
      >
        <Stack gap="md">
          <ProblemSummary problem={problem} fields={fields} />
          {children}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("act.cancel")}
            </Button>
            <Button type="submit" color={danger ? "red" : undefined} loading={pending} disabled={disabled}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
