import { setupServer } from "msw/node";

/** No default answer: each test says what the services answer, anything else fails it. */
export const server = setupServer();
