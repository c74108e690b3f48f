import { Button, Group, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { DateField } from "../../ui/DateField";
import widths from "../../ui/fields.module.css";
import classes from "./RequestForm.module.css";
import type { PartProps } from "./NewPerson";

export function HouseholdFields({ typed, errors, change }: PartProps) {
  const { t } = useTranslation("request-form");
  const { children } = typed;
  return (
    <section className={classes.section}>
      <h2>{t("household.title")}</h2>
      <Stack gap="md">
        <TextInput
          id="household.adults"
          label={t("household.adults")}
          inputMode="numeric"
          classNames={{ wrapper: widths.number }}
          maxLength={2}
          value={String(typed.adults)}
          error={errors["household.adults"]}
          onChange={(event) => change({ adults: Number(event.currentTarget.value.replace(/\D/g, "")) })}
        />
        {children.map((birthOn, index) => (
          <Group key={index} align="flex-end" gap="xs">
            <DateField
              id={`household.children.${index}.birth_on`}
              label={t("household.child", { number: index + 1 })}
              value={birthOn}
              error={errors[`household.children.${index}.birth_on`]}
              onChange={(day) => change({ children: children.map((one, at) => (at === index ? day : one)) })}
            />
            {index === children.length - 1 && (
              <Button
                variant="default"
                aria-label={t("household.remove_child", { number: index + 1 })}
                onClick={() => change({ children: children.slice(0, -1) })}
              >
                <IconX size={20} aria-hidden />
              </Button>
            )}
          </Group>
        ))}
        {children.length < 20 && (
          <Button
            variant="default"
            className={classes.start}
            leftSection={<IconPlus size={20} aria-hidden />}
            onClick={() => change({ children: [...children, null] })}
          >
            {t("household.add_child")}
          </Button>
        )}
      </Stack>
    </section>
  );
}
