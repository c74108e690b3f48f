import "i18next";

import type account from "./fr/account.json";
import type agenda from "./fr/agenda.json";
import type appointments from "./fr/appointments.json";
import type codes from "./fr/codes.json";
import type common from "./fr/common.json";
import type detections from "./fr/detections.json";
import type documents from "./fr/documents.json";
import type forms from "./fr/forms.json";
import type glossary from "./fr/glossary.json";
import type letterTemplates from "./fr/letter-templates.json";
import type myDay from "./fr/my-day.json";
import type myRequests from "./fr/my-requests.json";
import type notifications from "./fr/notifications.json";
import type orientation from "./fr/orientation.json";
import type pages from "./fr/pages.json";
import type partnerHome from "./fr/partner-home.json";
import type person from "./fr/person.json";
import type queues from "./fr/queues.json";
import type referralFile from "./fr/referral-file.json";
import type request from "./fr/request.json";
import type requestForm from "./fr/request-form.json";
import type signIn from "./fr/sign-in.json";
import type structures from "./fr/structures.json";
import type works from "./fr/works.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: {
      account: typeof account;
      agenda: typeof agenda;
      appointments: typeof appointments;
      codes: typeof codes;
      common: typeof common;
      detections: typeof detections;
      documents: typeof documents;
      forms: typeof forms;
      glossary: typeof glossary;
      "letter-templates": typeof letterTemplates;
      "my-day": typeof myDay;
      "my-requests": typeof myRequests;
      notifications: typeof notifications;
      orientation: typeof orientation;
      pages: typeof pages;
      "partner-home": typeof partnerHome;
      person: typeof person;
      queues: typeof queues;
      "referral-file": typeof referralFile;
      request: typeof request;
      "request-form": typeof requestForm;
      "sign-in": typeof signIn;
      structures: typeof structures;
      works: typeof works;
    };
  }
}
