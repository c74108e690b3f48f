"""The same facts of life as ours, in the tables a Django team would draw."""

import uuid

from django.contrib.auth.models import User
from django.db import models


class Person(models.Model):
    """Somebody referred."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    caisse = models.CharField(max_length=32)
    last_name = models.CharField(max_length=100)
    first_names = models.CharField(max_length=100)
    birth_on = models.DateField()


class Membership(models.Model):
    """The structure a user works for."""

    user = models.OneToOneField(User, on_delete=models.CASCADE)
    caisse = models.CharField(max_length=32)
    structure_id = models.UUIDField()


class Request(models.Model):
    """A MisAS referral."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    caisse = models.CharField(max_length=32)
    structure_id = models.UUIDField()
    number = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=32)
    state = models.CharField(max_length=32)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    created_at = models.DateTimeField()
    form = models.JSONField()

    class Meta:
        """Indexed for the list, as ours is."""

        indexes = (models.Index(fields=["caisse", "structure_id", "-created_at", "id"]),)


class Transition(models.Model):
    """Who moved it, when, from what to what."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE)
    actor = models.CharField(max_length=64)
    at = models.DateTimeField()
    before = models.CharField(max_length=32)
    after = models.CharField(max_length=32)


class JournalEntry(models.Model):
    """Who touched whose file."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    action = models.CharField(max_length=64)
    subject = models.UUIDField()
    resource_id = models.UUIDField()


class Fact(models.Model):
    """What happened, for whoever follows."""

    at = models.DateTimeField()
    type = models.CharField(max_length=64)
    payload = models.JSONField()


class Idempotency(models.Model):
    """The answer given the first time."""

    key = models.UUIDField()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    body_sha256 = models.BinaryField()
    answer = models.JSONField()

    class Meta:
        """One answer a key and user."""

        constraints = (models.UniqueConstraint(fields=["user", "key"], name="one_answer_a_key"),)
