"""How sign-in refuses. What could tell an attacker whether an account exists is one answer for every cause."""

from servicekit.errors import DomainError


class SignInRefused(DomainError):
    """Unknown address, wrong password, suspended account: one answer."""

    slug = "sign-in-refused"
    title = "Connexion refusée"
    status = 401

    def __init__(self) -> None:
        super().__init__("L'adresse électronique ou le mot de passe ne convient pas.")


class FactorRefused(DomainError):
    """The second factor does not fit, or was used already."""

    slug = "factor-refused"
    title = "Second facteur refusé"
    status = 422

    def __init__(self) -> None:
        super().__init__("Ce code ou cette clé n'a pas été reconnu. Un code ne sert qu'une fois : attendez le suivant.")


class LinkRefused(DomainError):
    """A link that never existed, is too old, was used or was replaced: one answer."""

    slug = "link-refused"
    title = "Lien périmé ou déjà utilisé"
    status = 410

    def __init__(self) -> None:
        super().__init__("Ce lien n'est plus valable. Demandez-en un nouveau, puis ouvrez le dernier reçu.")


class EnrolmentExpired(DomainError):
    """The password fits, but no second factor was chosen in time."""

    slug = "enrolment-expired"
    title = "Première connexion à recommencer"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            "Votre second facteur n'a pas été choisi à temps. Demandez une nouvelle invitation à "
            "l'administrateur de votre structure ou de votre caisse."
        )


class WrongStep(DomainError):
    """The session is not at the point where this act makes sense."""

    slug = "wrong-step"
    title = "Étape de connexion inattendue"
    status = 409

    def __init__(self) -> None:
        super().__init__("Cette étape ne suit pas la précédente. Recommencez la connexion.")
