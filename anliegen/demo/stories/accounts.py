"""Passwords and personal data: whoever asks proves who they are."""

from typing import Any

from anliegen.demo.scene import Play, Scene
from anliegen.workflow import actions as workflow


def _password(scene: Scene, back: float, who: str, proof: str, **more: Any) -> Play:
    """Asked for, up to the proof."""
    yield scene.ago(back)
    scene.order(who, "password", proof=proof, **{"account": "workplace", **more})
    yield scene.ago(back - 0.015)


def forgotten(scene: Scene) -> Play:
    yield from _password(scene, 12.4, "Jana Sommer", "call-back")
    scene.do("identity", "Nele Krüger", "yes", method="call-back")
    yield scene.ago(12.37)
    scene.do("reset", "Nele Krüger", change_set=True)


def not_proven(scene: Scene) -> Play:
    """The proof failed; IT security was told."""
    yield scene.ago(5.2)
    scene.order("Dörte Feddersen", "password", by="Tom Reuter", account="program", program="Zollsoftware ATLAS",
                proof="authenticator")  # fmt: skip
    yield scene.ago(5.18)
    scene.do("identity", "Tom Reuter", "no", method="authenticator")


def not_me(scene: Scene) -> Play:
    """Reset, and then the owner of the account said that it was not them."""
    yield from _password(scene, 0.07, "Heike Asmussen", "call-back")
    scene.do("identity", "Tom Reuter", "yes", method="call-back")
    yield scene.ago(0.04)
    scene.do("reset", "Tom Reuter", change_set=True)
    yield scene.ago(0.02)
    workflow.deny(scene.code, acting_user=scene.persons["Heike Asmussen"], now=scene.now, key=scene.key())


def to_prove(scene: Scene) -> Play:
    yield scene.ago(0.025)
    scene.order("Zoe Baumann", "password", account="workplace", proof="call-back")


def administrator(scene: Scene) -> Play:
    """A protected account: only IT security may reset it."""
    yield from _password(scene, 0.05, "Björn Hinrichs", "in-person", account="admin", account_name="adm-bhinrichs")
    scene.do("identity", "Malin Thode", "yes", method="in-person")


def moved_house(scene: Scene) -> Play:
    """Confidential: only the staff office sees it."""
    yield scene.ago(8.7)
    scene.order("Kilian Roth", "personal-data", what="address", new_address="Elbchaussee 14, 22765 Hamburg")
    yield scene.ago(8.45)
    scene.do("enter", "Eva Clausen", entered=True)


def moves_house_soon(scene: Scene) -> Play:
    yield scene.ago(0.3)
    scene.order("Agnieszka Nowak", "personal-data", what="address", new_address="Am Kanal 3, 24768 Rendsburg",
                valid_from=scene.on(18).isoformat())  # fmt: skip


def new_number(scene: Scene) -> Play:
    """The number is changed after the proof; the old contact was told."""
    yield scene.ago(4.3)
    scene.order("Peer Matthiesen", "personal-data", what="mobile", new_mobile="0170 5550142")
    yield scene.ago(4.2)
    scene.do("identity", "Nele Krüger", "yes", method="in-person")


def office_number(scene: Scene) -> Play:
    yield scene.ago(0.15)
    scene.order("Oliver Hughes", "personal-data", what="office", new_office="040 5678-279")


def strange_number(scene: Scene) -> Play:
    """The proof failed; IT security is to look at the attempt."""
    yield scene.ago(0.3)
    scene.order("Nils Brodersen", "personal-data", by="Tom Reuter", what="mobile", new_mobile="0151 5550199")
    yield scene.ago(0.2)
    scene.do("identity", "Nele Krüger", "no", method="call-back")


STORIES = (
    forgotten, not_proven, not_me, to_prove, administrator, moved_house, moves_house_soon, new_number, office_number,
    strange_number,
)  # fmt: skip
