"""Which service to turn to: a decision table kept as data, read by a pure engine, asked by three audiences."""
