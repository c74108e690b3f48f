"""How the front refuses, before any service is asked."""

from collections.abc import Sequence

from servicekit.errors import DomainError, Forbidden, Unavailable


class UnknownPath(DomainError):
    """No route of ours."""

    slug = "not-found"
    title = "Introuvable"
    status = 404

    def __init__(self) -> None:
        super().__init__("Cette adresse n'existe pas.")


class MethodNotAllowed(DomainError):
    """The path exists, not with this method."""

    slug = "method-not-allowed"
    title = "Méthode non permise"
    status = 405

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__("Cette adresse ne se demande pas ainsi.")
        self.allowed = allowed


class CrossSite(Forbidden):
    """A change that does not certainly come from our own pages."""

    slug = "cross-site"
    title = "Demande venue d'ailleurs"

    def __init__(self) -> None:
        super().__init__("Cette demande ne vient pas de l'application. Rechargez la page puis recommencez.")


class TooLarge(DomainError):
    """More than may be sent."""

    slug = "content-too-large"
    title = "Contenu trop volumineux"
    status = 413

    def __init__(self) -> None:
        super().__init__("L'envoi dépasse la taille permise. Rien n'a été enregistré.")


class SentTooSlowly(DomainError):
    """The request did not arrive in time."""

    slug = "request-timeout"
    title = "Envoi interrompu"
    status = 408

    def __init__(self) -> None:
        super().__init__("L'envoi s'est interrompu. Rien n'a été enregistré ; vérifiez la connexion puis recommencez.")


class Overloaded(Unavailable):
    """More requests under way than can be served well."""

    slug = "overloaded"
    title = "Trop de demandes en même temps"

    def __init__(self) -> None:
        super().__init__("Le service est très sollicité. Rien n'a été enregistré ; réessayez dans quelques secondes.")


class ServiceAway(Unavailable):
    """The service behind the route does not answer; its neighbours do."""

    def __init__(self) -> None:
        super().__init__(
            "Cette partie de l'application ne répond pas pour le moment ; les autres restent utilisables. "
            "Réessayez dans quelques instants."
        )


class JournalUnwritten(Unavailable):
    """The request could not be journalled, so its answer was kept back."""

    slug = "journal-unavailable"

    def __init__(self) -> None:
        super().__init__(
            "La réponse n'a pas pu être tracée, elle n'est donc pas affichée. Réessayez dans quelques instants : "
            "un envoi déjà pris en compte ne sera pas doublé."
        )


class TooSlow(DomainError):
    """The service took longer than it may; what it was asked may have been done."""

    slug = "deadline-exceeded"
    title = "Réponse trop longue à venir"
    status = 504

    def __init__(self) -> None:
        super().__init__("La réponse tarde trop. Réessayez : un envoi déjà pris en compte ne sera pas doublé.")
