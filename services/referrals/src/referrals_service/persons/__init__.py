"""The person register: who a person is, how to reach them, and who may see it."""
