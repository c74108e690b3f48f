"""Three views: a bare insert, an insert that does the work ours does, a list of fifty."""

import hashlib
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from peer import models

SCOPES = ["renoncement_soins", "acces_droits", "acces_soins"]


class Care(serializers.Serializer):
    """A care given up and why."""

    care_type = serializers.CharField(max_length=32)
    detail = serializers.CharField(max_length=200, required=False, allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField(max_length=64), min_length=1)


class Informed(serializers.Serializer):
    """What the person was told."""

    informed_on = serializers.DateField()
    agrees_to_be_called = serializers.BooleanField()
    channel = serializers.CharField(max_length=32)
    statement_version = serializers.CharField(max_length=32)


class Form(serializers.Serializer):
    """The whole form of a referral."""

    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPES), min_length=1)
    motives = serializers.ListField(child=serializers.CharField(max_length=64), min_length=1)
    renounced_care = Care(many=True)
    informed = Informed()
    phone = serializers.CharField(max_length=32)
    situation_note = serializers.CharField(max_length=2000, required=False, allow_null=True)


class Filing(serializers.Serializer):
    """What is posted."""

    person_id = serializers.UUIDField()
    form = Form()


def _new_request(membership: models.Membership, filing: dict[str, Any], raw: Any) -> models.Request:
    return models.Request(
        caisse=membership.caisse,
        structure_id=membership.structure_id,
        number=f"{membership.caisse}-{uuid.uuid4().hex[:12]}",
        kind="misas_referral",
        state="submitted",
        person_id=filing["person_id"],
        created_at=timezone.now(),
        form=raw["form"],
    )


class BareFiling(APIView):
    """Validate and insert, nothing else."""

    def post(self, request: Request) -> Response:
        """File."""
        serializer = Filing(data=request.data)
        serializer.is_valid(raise_exception=True)
        filed = _new_request(request.user.membership, serializer.validated_data, request.data)
        filed.save(force_insert=True)
        return Response({"id": filed.id, "number": filed.number}, status=status.HTTP_201_CREATED)


class EqualFiling(APIView):
    """Validate, claim the key, check the person and the duplicates, insert, log, journal, announce: one transaction."""

    def post(self, request: Request) -> Response:
        """File."""
        serializer = Filing(data=request.data)
        serializer.is_valid(raise_exception=True)
        key = uuid.UUID(request.headers["Idempotency-Key"])
        membership = request.user.membership
        now = timezone.now()
        with transaction.atomic():
            first = models.Idempotency.objects.filter(user=request.user, key=key).first()
            if first is not None:
                return Response(first.answer, status=status.HTTP_201_CREATED)
            filing = serializer.validated_data
            person = models.Person.objects.get(id=filing["person_id"], caisse=membership.caisse)
            if models.Request.objects.filter(
                person=person, kind="misas_referral", state__in=["draft", "expired"]
            ).exists():
                return Response(status=status.HTTP_409_CONFLICT)
            filed = _new_request(membership, filing, request.data)
            filed.save(force_insert=True)
            actor = str(request.user.pk)
            models.Transition.objects.create(request=filed, actor=actor, at=now, before="draft", after="submitted")
            models.Fact.objects.create(
                at=now, type="request.submitted", payload={"request": str(filed.id), "caisse": filed.caisse}
            )
            models.JournalEntry.objects.create(
                at=now, actor=actor, action="file", subject=person.id, resource_id=filed.id
            )
            answer = {"id": str(filed.id), "number": filed.number}
            models.Idempotency.objects.create(
                user=request.user,
                key=key,
                body_sha256=hashlib.sha256(request.stream.read() or b"").digest(),
                answer=answer,
            )
        return Response(answer, status=status.HTTP_201_CREATED)


class RequestRow(serializers.ModelSerializer):
    """One row of the list."""

    person_name = serializers.CharField(source="person.last_name")

    class Meta:
        """What the list shows."""

        model = models.Request
        fields = ("id", "number", "kind", "state", "person_name", "created_at")


class OwnList(generics.ListAPIView):
    """The fifty newest of the structure, journalled as ours is."""

    serializer_class = RequestRow
    pagination_class = None

    def get_queryset(self) -> Any:
        """Select."""
        membership = self.request.user.membership
        own = models.Request.objects.filter(caisse=membership.caisse, structure_id=membership.structure_id)
        return own.select_related("person").order_by("-created_at", "id")[:50]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer, and say so in the journal."""
        answer = super().list(request, *args, **kwargs)
        models.JournalEntry.objects.create(
            at=timezone.now(),
            actor=str(request.user.pk),
            action="list",
            subject=uuid.UUID(int=0),
            resource_id=uuid.UUID(int=0),
        )
        return answer
