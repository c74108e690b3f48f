import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { partnerStructure } from "../../api/partners";
import { completeNumber, partnerPerson } from "../../api/persons";
import { type Passage, wholeNumber } from "../../lib/free-text";
import { asProblem } from "../../lib/problem";
import { announce } from "../Announcer";
import { Confirm } from "../Confirm";
import { Passed } from "./Passed";

type Props = { passage: Passage; personId?: string; onRemove: () => void };

/** A NIR in a text: moved to its field where the structure may give it, taken out otherwise. */
export function NumberNotice({ passage, personId, onRemove }: Props) {
  const { t } = useTranslation();
  if (!personId) return <Passed text={t("free_text.number")} onRemove={onRemove} />;
  return <OfPerson passage={passage} personId={personId} onRemove={onRemove} />;
}

function OfPerson({ passage, personId, onRemove }: Props & { personId: string }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const structure = useQuery(partnerStructure()).data;
  const number = wholeNumber(passage);
  const allowed = structure?.nir_allowed ?? false;
  const person = useQuery({ ...partnerPerson(personId), enabled: allowed && number !== null }).data;
  const movable = number !== null && person?.identifier.kind === "none" && person.abilities.amend;
  const why = structure && !allowed ? "not_allowed" : !number ? "no_key" : person && !movable ? "there_already" : "number";
  return (
    <>
      <Passed text={t(`free_text.${why}`)} onRemove={onRemove}>
        {movable && (
          <Button size="compact-md" onClick={() => setAsked(true)}>
            {t("free_text.move")}
          </Button>
        )}
      </Passed>
      {movable && (
        <Move
          opened={asked}
          personId={personId}
          name={person.display_name}
          version={person.version}
          number={number}
          onMoved={onRemove}
          onClose={() => setAsked(false)}
        />
      )}
    </>
  );
}

type MoveProps = {
  opened: boolean;
  personId: string;
  name: string;
  version: number;
  number: string;
  onMoved: () => void;
  onClose: () => void;
};

function Move({ opened, personId, name, version, number, onMoved, onClose }: MoveProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const move = useMutation({
    mutationFn: () => completeNumber(personId, version, number),
    onSuccess: () => {
      announce(t("free_text.moved"));
      onMoved();
      onClose();
      return queryClient.invalidateQueries({ queryKey: partnerPerson(personId).queryKey });
    },
  });
  return (
    <Confirm
      opened={opened}
      title={t("free_text.move_title")}
      confirm={t("free_text.move_confirm")}
      pending={move.isPending}
      problem={move.error && asProblem(move.error)}
      onConfirm={() => move.mutate()}
      onClose={onClose}
    >
      <p>{t("free_text.move_detail", { name })}</p>
    </Confirm>
  );
}
