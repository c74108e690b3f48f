"""What the e-mails of sign-in say, in French. A token stands after `#`: a browser sends it to no server."""

from servicekit.mail import Letter

_SIGNED = "\n\nL'équipe Aller-vers\nCe message est envoyé automatiquement, merci de ne pas y répondre.\n"
_NOT_YOU = (
    "Si vous n'êtes pas à l'origine de cette action, prévenez sans attendre l'administrateur de votre "
    "structure ou de votre caisse."
)


def invitation(origin: str, token: str) -> Letter:
    """Offer a first connection."""
    return Letter(
        "Votre accès à Aller-vers",
        "Bonjour,\n\n"
        "Un accès à Aller-vers vous est ouvert. Pour choisir votre mot de passe et votre second facteur de "
        "connexion, ouvrez ce lien :\n\n"
        f"{origin}/invitation#{token}\n\n"
        "Il est valable 72 heures et ne sert qu'une fois. Ne le transmettez à personne.\n\n"
        f"Si vous n'attendiez pas ce message, vous pouvez l'ignorer.{_SIGNED}",
    )


def reset(origin: str, token: str) -> Letter:
    """Offer to choose another password."""
    return Letter(
        "Choisir un nouveau mot de passe",
        "Bonjour,\n\n"
        "Un nouveau mot de passe a été demandé pour votre accès à Aller-vers. Pour le choisir, ouvrez ce "
        "lien :\n\n"
        f"{origin}/mot-de-passe#{token}\n\n"
        "Il est valable 20 minutes et ne sert qu'une fois. Votre second facteur vous sera toujours demandé "
        "pour vous connecter.\n\n"
        f"Si vous n'avez rien demandé, ignorez ce message : votre mot de passe ne change pas.{_SIGNED}",
    )


def password_changed() -> Letter:
    """Tell that the password is another one."""
    return Letter(
        "Votre mot de passe a été modifié",
        "Bonjour,\n\n"
        "Le mot de passe de votre accès à Aller-vers vient d'être modifié, et vos autres sessions ont été "
        f"fermées.\n\n{_NOT_YOU}{_SIGNED}",
    )


def recovery_code_used(left: int) -> Letter:
    """Tell that a recovery code was used, and how many are left."""
    remaining = {0: "Il ne vous en reste aucun", 1: "Il vous en reste un"}.get(left, f"Il vous en reste {left}")
    return Letter(
        "Un code de secours a été utilisé",
        "Bonjour,\n\n"
        f"Un de vos codes de secours vient de servir à ouvrir votre accès à Aller-vers. {remaining} : "
        f"vous pouvez en créer dix nouveaux dans « Mon compte ».\n\n{_NOT_YOU}{_SIGNED}",
    )


def factors_changed() -> Letter:
    """Tell that a second factor or the recovery codes were changed."""
    return Letter(
        "Vos moyens de connexion ont été modifiés",
        "Bonjour,\n\n"
        "Un second facteur a été ajouté à votre accès à Aller-vers ou en a été retiré, ou vos codes de "
        f"secours ont été remplacés.\n\n{_NOT_YOU}{_SIGNED}",
    )
